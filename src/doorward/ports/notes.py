"""Our own notes in plain language on the ports that people meet; knows their shape and their file, not which of them applies.

They are written by subject in ``notes/*.toml``, and ``tools/build_ports.py`` compiles them into the file that ships.
"""

from __future__ import annotations

import enum

import msgspec

from doorward.errors import CallError, DoorwardBug
from doorward.ports.packing import pack, unpack
from doorward.values.portsets import PortSet
from doorward.values.records import decode_json, encode_json

__all__ = ["Encryption", "PortNote", "Public", "decode_notes", "encode_notes"]


class Encryption(enum.StrEnum):
    """Whether somebody on the way can read what passes."""

    NONE = "none"  #: the protocol on this port has no encryption of its own
    ALWAYS = "always"  #: nothing but the handshake passes in the clear
    STARTTLS = "starttls"  #: begins in the clear and is then upgraded, if both ends insist
    OPTIONAL = "optional"  #: the operator decides; seen both ways


class Public(enum.StrEnum):
    """Whether the door belongs on a network that anybody can reach."""

    YES = "yes"  #: made for it
    CAREFUL = "careful"  #: only under the condition in `PortNote.only_with`
    NO = "no"  #: made for one machine or one trusted network


class PortNote(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a person should know of a door with one of these numbers."""

    ports: PortSet
    name: str  #: short label, as in a table: "ssh"
    title: str  #: a headline of a few words
    purpose: str  #: what the door is for, for a person outside the trade
    held_by: list[str]  #: what usually holds it; the name of the process in parentheses where it differs
    encryption: Encryption
    public: Public
    only_with: str = ""  #: the condition for a public network, where `public` is careful
    login: bool  #: passwords or other secrets travel through it
    risk: str  #: what can go wrong, in one sentence
    instead: str = ""  #: what to use or do instead, in one sentence; empty where it is already the right thing
    confusions: list[str] = []  #: what it is often mistaken for
    others: dict[str, str] = {}  #: who else is found on this number, and what for
    aliases: list[str] = []  #: other names that people look it up by
    words: list[str] = []  #: words to find it by that stand nowhere else in the note
    sources: list[str] = []  #: "RFC 4251", or the maker's documentation
    subject: str = ""  #: the file it is written in: "web", "mail"


def encode_notes(notes: list[PortNote]) -> bytes:
    """Write the file that ships; the same notes give the same bytes."""
    return pack(encode_json(notes).encode())


def decode_notes(packed: bytes) -> list[PortNote]:
    """Read the file that ships; raises `DoorwardBug` for one that is not ours."""
    try:
        return decode_json(unpack(packed), list[PortNote])
    except CallError as error:
        raise DoorwardBug("read the shipped notes on ports", why=error.why, remedy="Install Doorward again.") from None
