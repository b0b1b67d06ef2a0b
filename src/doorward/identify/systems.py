"""Which operating system a door's machine runs: what a version text betrays, and what several hints say together. Knows no protocol.

Hints of one origin are one witness: a banner that two readers have read is one banner, and only its best hint counts. Hints of different
origins are independent, and what they agree on is surer than each: the chance that all of them err is the product of their errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import msgspec

__all__ = ["SystemHint", "SystemView", "family_of", "join_hints", "system_from_revision"]

# The stamps as the distributions' own version policies write them: "+deb12u3", "~bpo12", "ubuntu0.22.04.1", ".el9", ".fc40", "-alpine".
_DEBIAN_RELEASE = re.compile(r"(?:\bdeb|\+deb|~deb|~bpo|\bbpo)(\d{1,2})(?=u|\+|\b)")
_UBUNTU_RELEASE = re.compile(r"ubuntu[\d.]*?\.?(\d\d\.(?:04|10))(?=\D|$)")
_EL_RELEASE = re.compile(r"[.\-+_]el(\d{1,2})\b")
_FEDORA_RELEASE = re.compile(r"\.fc(\d{2})\b")
_FREEBSD = re.compile(r"freebsd[ -]?(\d\d(?:\.\d)?)?(?![\d.])", re.IGNORECASE)
_NAMES = (  # the word as servers write it, in the order of asking: the more particular first
    ("raspbian", "Raspberry Pi OS"),
    ("ubuntu", "Ubuntu"),
    ("debian", "Debian"),
    ("alpine", "Alpine Linux"),
    ("red hat", "Red Hat Enterprise Linux"),
    ("rhel", "Red Hat Enterprise Linux"),
    ("rocky", "Rocky Linux"),
    ("almalinux", "AlmaLinux"),
    ("centos", "CentOS"),
    ("fedora", "Fedora"),
    ("suse", "SUSE Linux"),
    ("arch linux", "Arch Linux"),
    ("gentoo", "Gentoo"),
    ("netbsd", "NetBSD"),
    ("openbsd", "OpenBSD"),
    ("sunos", "SunOS"),
    ("solaris", "Solaris"),
    ("darwin", "macOS"),
    ("win32", "Windows"),
    ("win64", "Windows"),
    ("windows", "Windows"),
    ("cisco", "Cisco IOS"),
    ("routeros", "MikroTik RouterOS"),
    ("linux", "Linux"),
)


def system_from_revision(text: str) -> str:
    """Return the system that ``text`` names, as ``Debian 12`` or ``Ubuntu``, or an empty text; reads at most 500 characters."""
    shown = text[:500].lower()
    for pattern, name in (
        (_UBUNTU_RELEASE, "Ubuntu"),
        (_DEBIAN_RELEASE, "Debian"),
        (_EL_RELEASE, "Red Hat Enterprise Linux"),
        (_FEDORA_RELEASE, "Fedora"),
    ):
        if found := pattern.search(shown):
            return f"{name} {found[1]}"
    if found := _FREEBSD.search(shown):
        return f"FreeBSD {found[1] or ''}".strip()
    return next((name for word, name in _NAMES if word in shown), "")


class SystemHint(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence about a system."""

    system: str  #: as exact as the evidence allows: "Debian 12", "Linux"
    origin: str  #: what it was read from; hints of one origin are one witness: "banner", "snmp", "smb", "tcp", "certificate"
    sure: float  #: how likely it is right, from 0 to 1
    why: str  #: for a person: "its version ends in +deb12u10"
    cpe: str = ""


class SystemView(msgspec.Struct, frozen=True, kw_only=True):
    """What all hints say together."""

    system: str = ""
    sure: float = 0.0
    why: str = ""
    cpe: str = ""
    against: tuple[str, ...] = ()  #: hints that say otherwise

    @property
    def in_words(self) -> str:
        """How sure: ``sure``, ``likely``, ``perhaps``."""
        return "sure" if self.sure >= _SURE else "likely" if self.sure >= _LIKELY else "perhaps"


_SURE: Final = 0.95
_LIKELY: Final = 0.7
# The beginning of a system's name → its family; what isn't here is its own family.
_FAMILIES: Final = (
    (
        "Linux",
        ("linux", "debian", "ubuntu", "raspberry", "alpine", "red hat", "rocky", "alma", "centos", "fedora", "suse", "opensuse", "arch"),
    ),
    ("Linux", ("gentoo", "openwrt", "dd-wrt", "amazon", "oracle linux", "mint", "kali", "synology", "android", "mandrake", "slackware")),
    ("Windows", ("windows", "microsoft windows")),
    ("BSD", ("freebsd", "openbsd", "netbsd", "dragonfly")),
    ("macOS", ("macos", "mac os", "os x", "darwin", "ios ")),
    ("Solaris", ("solaris", "sunos", "illumos", "smartos")),
    ("Cisco", ("cisco", "ios-xe", "nx-os")),
)


def family_of(system: str) -> str:
    """The family: ``Linux`` for ``Debian 12``; a system of no known family is its own."""
    lowered = system.lower()
    return next((family for family, beginnings in _FAMILIES if lowered.startswith(beginnings)), system.partition(" ")[0])


def join_hints(hints: Iterable[SystemHint]) -> SystemView:
    """Join what was read in different places: the surest family, its most exact name, and what speaks against it."""
    witnesses: dict[tuple[str, str], SystemHint] = {}
    for hint in hints:
        key = hint.origin, family_of(hint.system)
        if hint.system and (key not in witnesses or _exactness(hint) > _exactness(witnesses[key])):
            witnesses[key] = hint
    families: dict[str, list[SystemHint]] = {}
    for (_, family), hint in witnesses.items():
        families.setdefault(family, []).append(hint)
    if not families:
        return SystemView()
    chances = {family: _together(members) for family, members in families.items()}
    best = max(chances, key=lambda family: chances[family])
    ours = sorted(families[best], key=_exactness, reverse=True)
    others = [hint for family, members in families.items() if family != best for hint in members]
    doubt = max((chances[family] for family in chances if family != best), default=0.0)
    return SystemView(
        system=ours[0].system,
        sure=round(chances[best] * (1 - doubt / 2), 3),
        why="; ".join(dict.fromkeys(hint.why for hint in ours)),
        cpe=next((hint.cpe for hint in ours if hint.cpe), ""),
        against=tuple(f"{hint.system}: {hint.why}" for hint in others),
    )


def _together(hints: Iterable[SystemHint]) -> float:
    """How likely at least one of independent witnesses is right."""
    wrong = 1.0
    for hint in hints:
        wrong *= 1 - min(max(hint.sure, 0.0), 0.99)
    return 1 - wrong


def _exactness(hint: SystemHint) -> tuple[bool, bool, float]:
    """A release before a distribution before a family, then the surer."""
    return any(letter.isdigit() for letter in hint.system), hint.system != family_of(hint.system), hint.sure
