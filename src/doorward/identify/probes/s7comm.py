"""Siemens S7: asks a controller for its own names; reads no value, stops nothing. Only when asked for."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
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
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "s7comm"
TITLE: Final = "S7: a Siemens controller"
SOURCE: Final = "RFC 1006, ISO 8073; S7 communication as the Wireshark project documents it"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (102,)  # IANA (iso-tsap)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 2048

_CONNECT: Final = b"\x03\x00\x00\x16\x11\xe0\x00\x00\x00\x01\x00\xc0\x01\x0a\xc1\x02\x01\x00\xc2\x02\x01\x02"
_SETUP: Final = b"\x03\x00\x00\x19\x02\xf0\x80\x32\x01\x00\x00\x00\x00\x00\x08\x00\x00\xf0\x00\x00\x01\x00\x01\x01\xe0"
# User data, system status list 0x001c (component identification), index 0.
_ASK: Final = (
    b"\x03\x00\x00\x21\x02\xf0\x80\x32\x07\x00\x00\x00\x00\x00\x08\x00\x08\x00\x01\x12\x04\x11\x44\x01\x00\xff\x09\x00\x04\x00\x1c\x00\x00"
)
_NAMES: Final = {1: "system_name", 2: "module_name", 3: "plant", 4: "copyright", 5: "serial_number", 7: "module_type"}
_RECORD: Final = 34
_MOST_PACKETS: Final = 6


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A connection request from 01.00 to rack 0, slot 2."""
    return _CONNECT


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Connect, agree, ask: one answer each."""
    packets = _packets(received)
    if received[:2] != b"\x03\x00"[: len(received)]:
        return Step.DONE
    said = {turn.sent for turn in context.turns}
    if not packets or packets[0][1:2] != b"\xd0":
        return Step.DONE if packets else Step.WAIT
    if _SETUP not in said:
        return _SETUP
    if len(packets) < 2:
        return Step.WAIT
    if _ASK not in said:
        return _ASK if packets[1][3:5] == b"\x32\x03" else Step.DONE
    return Step.DONE if len(packets) > 2 else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the packets: the connection's confirm, the agreement, the names."""
    packets = _packets(received)
    agreed = next((packet for packet in packets[1:] if packet[:2] == b"\x02\xf0" and packet[3:5] == b"\x32\x03"), b"")
    if not packets or packets[0][1:2] != b"\xd0" or not agreed:
        return None
    facts: dict[str, Fact] = {"authentication": "none", "encrypted": False}
    for packet in packets[2:]:
        facts |= _names(packet)
    module = str(facts.get("module_type", ""))
    return Identity(
        service=NAME,
        product=module,
        vendor="Siemens",
        why="it agrees on S7 communication",
        sentence=introduce("a Siemens controller (S7)", module)
        + " Whoever reaches it may read and change what it controls: it asks for no password.",
        facts=facts,
    )


def _packets(received: bytes) -> list[bytes]:
    """Bodies of whole TPKTs (RFC 1006 §6): version 3, reserved, length (2)."""
    packets: list[bytes] = []
    place = 0
    while len(packets) < _MOST_PACKETS and received[place : place + 2] == b"\x03\x00":
        size = int.from_bytes(received[place + 2 : place + 4])
        if size < 7 or len(received) < place + size:
            break
        packets.append(received[place + 4 : place + size])
        place += size
    return packets


def _names(packet: bytes) -> dict[str, Fact]:
    """Records of 34 bytes: number (2), text; before them ff, kind, length (2), list (2), index (2), record's size (2), count (2)."""
    start = packet.find(b"\x00\x1c\x00\x00\x00\x22")
    if packet[:2] != b"\x02\xf0" or start < 0:
        return {}
    facts: dict[str, Fact] = {}
    place = start + 8
    while place + _RECORD <= len(packet) and len(facts) < 12:
        number = int.from_bytes(packet[place : place + 2])
        text = packet[place + 2 : place + _RECORD].rstrip(b"\x00 ").decode("latin-1")
        if number in _NAMES and text:
            facts[_NAMES[number]] = printable(text)
        place += _RECORD
    return facts
