"""Doors as they come down a pipe: one JSON object a line, as a scan prints them, or ``host:port`` as a person writes it. Pure.

Of a JSON line only the door counts: address, port, transport, and the name it was called by. A line that tells of something else (a
summary, a plan, a door that isn't open) is passed over; lines that are neither are the caller's error, with their number.
"""

from __future__ import annotations

from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.identify.conclusion import Endpoint
from doorward.values.addresses import Address
from doorward.values.records import decode_json
from doorward.values.transports import Transport

__all__ = ["MOST_LINE_BYTES", "parse_found"]

MOST_LINE_BYTES: Final = 65_536  # a scan's longest line has under 1,000
_WORTH_ASKING: Final = frozenset({"open", "open|filtered"})
_SPOKEN: Final = frozenset({Transport.TCP, Transport.UDP})


class _Line(msgspec.Struct, frozen=True):
    """What is read of a JSON line; all else in it is passed over."""

    kind: str = "door"
    address: Address | None = None
    transport: Transport = Transport.TCP
    port: int | None = None
    state: str = "open"
    host: str = ""


def parse_found(line: bytes, number: int) -> Endpoint | list[str] | None:
    """Read one line: a door, or words that a person wrote for doors, or ``None`` for a line that names no door to ask.

    Raises `CallError` with the line's number for anything else.
    """
    if len(line) > MOST_LINE_BYTES:
        raise CallError("read the doors", _place(number), why=f"it is longer than {MOST_LINE_BYTES} bytes")
    text = line.decode("utf-8", "surrogateescape").strip()
    if not text or text[0] == "#":
        return None
    return _parse_json(text, number) if text[0] == "{" else text.partition("#")[0].split()


def _parse_json(text: str, number: int) -> Endpoint | None:
    try:
        line = decode_json(text.encode("utf-8", "surrogateescape"), _Line)
    except CallError as error:
        raise CallError("read the doors", _place(number), why=error.why, remedy="Give the lines of: doorward scan … --json") from None
    if line.kind != "door" or line.state not in _WORTH_ASKING:
        return None
    if line.address is None or line.port is None or not 0 < line.port < 65536:
        raise CallError("read the doors", _place(number), why="the object has no address and port of a door")
    if line.transport not in _SPOKEN:
        return None
    host = line.host if line.host.isprintable() and len(line.host) < 254 else ""
    return Endpoint(line.transport, line.address, line.port, host)


def _place(number: int) -> str:
    return f"standard input, line {number}"
