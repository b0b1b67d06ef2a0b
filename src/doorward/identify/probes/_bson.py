"""BSON, the records in which MongoDB speaks: reads the kinds that its answers to strangers hold; knows no command and no wire."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

from doorward.errors import PeerError

__all__ = ["Value", "decode_document", "encode_document"]

Value = str | int | float | bool | bytes | None | dict[str, "Value"]

_DEEPEST: Final = 6  # our questions' answers are three deep
_MOST_FIELDS: Final = 400
# bsonspec.org 1.1: the size of kinds of fixed size
_FIXED: Final = {0x01: 8, 0x06: 0, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16, 0x7F: 0, 0xFF: 0}


def encode_document(fields: Mapping[str, str | int]) -> bytes:
    """Encode texts and 32-bit numbers."""
    body = b"".join(_encode_field(name, value) for name, value in fields.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def decode_document(data: bytes, start: int = 0, depth: int = 0) -> dict[str, Value]:
    """Read the document that begins at ``start``; arrays are documents with numbers for names.

    Raises `PeerError` where a length lies, and for what is nested deeper than six.
    """
    size = struct.unpack_from("<i", data, start)[0] if len(data) >= start + 5 else 0
    end = start + size
    if size < 5 or end > len(data) or data[end - 1] != 0 or depth > _DEEPEST:
        raise PeerError("read a BSON document", why="its length does not fit")
    found: dict[str, Value] = {}
    place = start + 4
    while place < end - 1 and len(found) < _MOST_FIELDS:
        kind, stop = data[place], data.find(b"\0", place + 1, end)
        if stop < 0:
            raise PeerError("read a BSON document", why="a name has no end")
        name = data[place + 1 : stop].decode("utf-8", "replace")
        found[name], place = _decode_value(kind, data, stop + 1, end - 1, depth)
    return found


def _encode_field(name: str, value: str | int) -> bytes:
    label = name.encode() + b"\0"
    if isinstance(value, int):
        return b"\x10" + label + struct.pack("<i", value)
    text = value.encode() + b"\0"
    return b"\x02" + label + struct.pack("<i", len(text)) + text


def _decode_value(kind: int, data: bytes, place: int, end: int, depth: int) -> tuple[Value, int]:
    if kind in _FIXED:
        stop = place + _FIXED[kind]
        return (_fixed(kind, data[place:stop]), stop) if stop <= end else _broken()
    if place + 4 > end:
        return _broken()
    size: int = struct.unpack_from("<i", data, place)[0]
    if kind in (0x03, 0x04):  # document, array
        return (decode_document(data[:end], place, depth + 1), place + size) if size >= 5 else _broken()
    extra = 1 if kind == 0x05 else 0  # binary: a subtype stands before it
    stop = place + 4 + extra + size
    if kind not in (0x02, 0x05, 0x0D, 0x0E) or size < (0 if extra else 1) or stop > end:
        return _broken()
    raw = data[place + 4 + extra : stop]
    return (raw if extra else raw[:-1].decode("utf-8", "replace")), stop


def _fixed(kind: int, raw: bytes) -> Value:
    if kind == 0x01:
        number: float = struct.unpack("<d", raw)[0]
        return number
    if kind == 0x08:
        return raw != b"\0"
    if kind in (0x09, 0x10, 0x11, 0x12):
        return int.from_bytes(raw, "little", signed=True)
    return raw or None


def _broken() -> tuple[Value, int]:
    raise PeerError("read a BSON document", why="a value does not fit into it")
