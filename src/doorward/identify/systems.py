"""Which operating system a version text betrays: distributions stamp their packages; knows the stamps and no protocol."""

from __future__ import annotations

import re

__all__ = ["system_from_revision"]

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
