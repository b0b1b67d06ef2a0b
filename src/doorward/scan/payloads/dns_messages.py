"""Messages in the shape of DNS (RFC 1035 §4.1), which multicast DNS and NetBIOS share: one question, and the look of its answer."""

from __future__ import annotations

import struct
from typing import Final

from doorward.scan.payloads.contract import nonce_bytes

__all__ = ["Sections", "encode_name", "question", "sections"]

_COUNTS: Final = struct.Struct(">4H")
_HEADER: Final = 12
_MOST_RECORDS: Final = 64  # an answer in one datagram to our questions has fewer than 30


class Sections:
    """What a well-formed response says of itself."""

    __slots__ = ("answers", "flags", "question", "rcode", "rest")

    def __init__(self, flags: int, question: bytes, answers: int, rest: bytes) -> None:
        self.flags = flags
        self.rcode = flags & 15
        self.question = question  #: name, type and class of the repeated question; empty where there is none
        self.answers = answers  #: records in the answer section
        self.rest = rest  #: from the first record on


def encode_name(*labels: bytes) -> bytes:
    """Labels, each after its length, and the root."""
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def question(number: int, name: bytes, kind: int, asked_class: int, flags: int = 0) -> bytes:
    """A query with one question; ``name`` as `encode_name` makes it."""
    return nonce_bytes(number, 2) + flags.to_bytes(2) + _COUNTS.pack(1, 0, 0, 0) + name + struct.pack(">HH", kind, asked_class)


def sections(data: bytes, number: int) -> Sections | None:
    """Read a response (QR set) of opcode 0 to query ``number`` whose records all lie inside it; `None` for anything else.

    A name server may cut its answer (TC): then the records may be missing.
    """
    if len(data) < _HEADER or data[:2] != nonce_bytes(number, 2):
        return None
    flags = int.from_bytes(data[2:4])
    asked, answers, authority, additional = _COUNTS.unpack_from(data, 4)
    records = answers + authority + additional
    if flags & 0xF800 != 0x8000 or asked > 1 or records > _MOST_RECORDS:
        return None
    end = _HEADER
    if asked:
        end = _after_name(data, _HEADER) + 4
        if end == 4 or end > len(data):
            return None
    if _after_records(data, end, records) or flags & 0x0200:
        return Sections(flags, data[_HEADER:end], answers, data[end:])
    return None


def _after_records(data: bytes, place: int, records: int) -> int:
    """Where so many records end; 0 where they don't lie inside ``data``."""
    for _ in range(records):
        start = _after_name(data, place)
        if not start or start + 10 > len(data):
            return 0
        place = start + 10 + int.from_bytes(data[start + 8 : start + 10])
    return place if place <= len(data) else 0


def _after_name(data: bytes, place: int) -> int:
    """The place after a name, its pointers not followed; 0 where it doesn't end inside ``data``."""
    while place < len(data):
        length = data[place]
        if length == 0:
            return place + 1
        if length >= 0xC0:
            return place + 2 if place + 2 <= len(data) else 0
        if length >= 0x40:
            return 0
        place += 1 + length
    return 0
