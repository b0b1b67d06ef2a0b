"""Mumble: reads the version that a voice server tells every caller; joins no conversation."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
from doorward.identify.systems import system_from_revision
from doorward.values.evidence import Fact
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_datagram",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "mumble"
TITLE: Final = "Mumble: talking in groups"
SOURCE: Final = "Mumble protocol documentation: Version packet, UDP ping (1.2 to 1.5)"
TRANSPORTS: Final = (
    Transport.TCP,
    Transport.UDP,
)
USUAL_PORTS: Final = (64738,)  # IANA
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 2048

_PING: Final = bytes(4) + b"doorward"  # request 0, eight bytes that come back
_HEADER: Final = 6  # kind (2), length (4)
_VERSION_KIND: Final = 0
_MOST_FIELDS: Final = 20
_RELEASE = re.compile(r"(\d+\.\d+(?:\.\d+)?)(?:[-~](.{1,60}))?")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def first_datagram(host: str) -> bytes:  # noqa: ARG001
    """A ping that asks for version and users."""
    return _PING


def next_words(received: bytes, context: Context) -> bytes | Step:
    """The first message is enough, the whole pong in UDP."""
    if context.transport is Transport.UDP:
        return Step.DONE
    return Step.DONE if len(received) >= _HEADER + int.from_bytes(received[2:6]) or len(received) > 500 else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version message (TCP) or the ping's answer (UDP)."""
    return _read_pong(received) if context.transport is Transport.UDP else _read_version(received, context)


def _read_pong(received: bytes) -> Identity | None:
    """Zero, version (3), our eight bytes, users (4), most users (4), bandwidth (4)."""
    if len(received) != 24 or received[0] != 0 or received[4:12] != _PING[4:] or received[1] > 9:
        return None
    version = ".".join(str(number) for number in received[1:4])
    facts: dict[str, Fact] = {"users": int.from_bytes(received[12:16]), "most_users": int.from_bytes(received[16:20])}
    return _identity(version, "", "", facts | {"encrypted": True}, "it answers a ping of Mumble with our own eight bytes")


def _read_version(received: bytes, context: Context) -> Identity | None:
    """Kind 0, length, then a protocol buffer: 1 version, 2 release, 3 system, 4 system's version."""
    size = int.from_bytes(received[2:6])
    body = received[_HEADER : _HEADER + size]
    if received[:2] != bytes(2) or not 8 <= size <= 500 or len(body) < size:
        return None
    fields = _fields(body)
    number, release = fields.get(1), fields.get(2)
    system, system_version = fields.get(3), fields.get(4)
    if not isinstance(number, int) or not isinstance(release, bytes) or not 0x010000 <= number < 0x0A0000:
        return None
    found = _RELEASE.match(release.decode("utf-8", "replace"))
    version = found[1] if found else f"{number >> 16}.{number >> 8 & 255}.{number & 255}"
    text = system_version.decode("utf-8", "replace") if isinstance(system_version, bytes) else ""
    facts: dict[str, Fact] = {"banner": printable(release.decode("utf-8", "replace"), 100), "encrypted": context.tunnel is not None}
    if text:
        facts["system_version"] = printable(text, 100)
    return _identity(version, (found[2] or "") if found else "", _system(text, system), facts, "its first message is Mumble's version")


def _system(text: str, kind: object) -> str:
    named = re.match(r"(Debian) GNU/Linux (\d{1,2})|(Ubuntu) (\d\d\.\d\d)", text)
    if named:
        return " ".join(part for part in named.groups() if part)
    return system_from_revision(text) or {b"WinX64": "Windows", b"Win": "Windows", b"OSX": "macOS"}.get(
        kind if isinstance(kind, bytes) else b"", ""
    )


def _identity(version: str, revision: str, system: str, facts: dict[str, Fact], why: str) -> Identity:
    return Identity(
        service=NAME,
        product="Murmur",
        version=version,
        revision=printable(revision),
        vendor="Mumble project",
        system=system,
        cpe=cpe_name("mumble", "mumble", version),
        why=why,
        sentence=introduce("a server for talking in groups (Mumble)", "Murmur", version, system),
        facts={"authentication": "unknown", **facts},
    )


def _fields(body: bytes) -> dict[int, int | bytes]:
    """Fields of a protocol buffer by number: varints (wire type 0) and texts (2); stops at anything else."""
    fields: dict[int, int | bytes] = {}
    place = 0
    for _ in range(_MOST_FIELDS):
        key, place = _varint(body, place)
        if place > len(body) or key & 7 not in (0, 2):
            break
        value, place = _varint(body, place)
        if key & 7 == 2:
            if place + value > len(body):
                break
            fields[key >> 3] = body[place : place + value]
            place += value
        elif place <= len(body):
            fields[key >> 3] = value
    return fields


def _varint(body: bytes, place: int) -> tuple[int, int]:
    """The number at ``place`` and where it ends; beyond the end where it is cut or longer than ten bytes."""
    value = 0
    for count, byte in enumerate(body[place : place + 10]):
        value |= (byte & 127) << 7 * count
        if byte < 128:
            return value, place + count + 1
    return 0, len(body) + 1
