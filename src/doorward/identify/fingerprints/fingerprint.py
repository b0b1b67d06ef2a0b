"""One fingerprint and the field it is for, as kept; and what it promises about a text that it matches. Knows no XML and no file."""

from __future__ import annotations

import re
from typing import Final

import msgspec

__all__ = ["Field", "Fingerprint", "Recognised", "promises"]

_PLACEHOLDER: Final = re.compile(r"\{([^\s{}]{1,100})\}")
_LONGEST_VALUE: Final = 500


class Fingerprint(msgspec.Struct, frozen=True, array_like=True):
    """A pattern, and what is known where it matches."""

    number: int  #: its place in its file, from 1
    pattern: str
    ignore_case: bool
    dot_newline: bool
    literals: tuple[str, ...]  #: one of them stands, in whatever case, in all that matches; may be empty
    description: str
    promises: tuple[tuple[int, str, str], ...]  #: group (0: none), name ("service.version"), value (of group 0)


class Field(msgspec.Struct, frozen=True, array_like=True):
    """The fingerprints for one field of a protocol, in the order in which the first match counts."""

    name: str  #: as its file: "ssh_banners"
    protocol: str
    fingerprints: tuple[Fingerprint, ...]


class Recognised(msgspec.Struct, frozen=True):
    """A match: whose fingerprint it was, and what it promises."""

    source: str  #: "Recog"
    field: str
    number: int
    description: str
    promises: dict[str, str]

    @property
    def name(self) -> str:
        """Where to look it up: ``Recog, ssh_banners #12``."""
        return f"{self.source}, {self.field} #{self.number}"


def promises(fingerprint: Fingerprint, groups: list[str | None]) -> dict[str, str]:
    """Return what the match tells, by name: ``{"service.product": "OpenSSH", "service.version": "9.2p1"}``.

    ``{service.version}`` in a value stands for that name's value; where there is none, CPE names get a hyphen, and others are left out.
    """
    told: dict[str, str] = {}
    for group, name, value in fingerprint.promises:
        found = value if group == 0 else (groups[group] if group < len(groups) else None)
        if found is not None:
            told[name] = found[:_LONGEST_VALUE]
    filled = {name: _filled(name, value, told) for name, value in told.items()}
    return {name: value for name, value in filled.items() if value is not None and not name.startswith("_tmp.")}


def _filled(name: str, value: str, told: dict[str, str]) -> str | None:
    missing = [wanted for wanted in _PLACEHOLDER.findall(value) if wanted not in told]
    if missing and not name.endswith(".cpe23"):
        return None
    return _PLACEHOLDER.sub(lambda match: told.get(match[1], "-"), value)[:_LONGEST_VALUE]
