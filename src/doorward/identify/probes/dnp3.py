"""DNP3: asks a substation's device whether its link is up; reads no value. Only when asked for."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety
from doorward.values.evidence import Fact
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
    "read",
]

NAME: Final = "dnp3"
TITLE: Final = "DNP3: a substation's controller"
SOURCE: Final = "IEEE 1815-2012 §9.2 (data link layer)"
TRANSPORTS: Final = (
    Transport.TCP,
    Transport.UDP,
)
USUAL_PORTS: Final = (
    20000,
    19999,
)  # IANA: 20000, with TLS 19999
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 1024

_POLYNOMIAL: Final = 0xA6BC  # 0x3D65 reversed (IEEE 1815 §9.2.4.3.2)
_ADDRESSES: Final = (0, 1, 4, 10)
_OURS: Final = 3


def _sum(data: bytes) -> bytes:
    """CRC-16 of DNP, complemented, little-endian."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc & 1 else 0)
    return (crc ^ 0xFFFF).to_bytes(2, "little")


def _frame(address: int) -> bytes:
    """Start, length 5, control (from a master, first, request link status), to, from, sum."""
    head = b"\x05\x64\x05\xc9" + address.to_bytes(2, "little") + _OURS.to_bytes(2, "little")
    return head + _sum(head)


_ASK: Final = b"".join(_frame(address) for address in _ADDRESSES)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Request link status, to the addresses that manuals use, from 3."""
    return _ASK


def read(received: bytes, context: Context) -> Identity | None:
    """Read a frame: start, length, control (not from a first speaker), to us, from it, right sum."""
    head = received[:8]
    if len(received) < 10 or head[:2] != b"\x05\x64" or head[2] < 5 or received[8:10] != _sum(head) or head[3] & 0x40:
        return None
    if int.from_bytes(head[4:6], "little") != _OURS:
        return None
    facts: dict[str, Fact] = {
        "device": int.from_bytes(head[6:8], "little"),
        "authentication": "unknown",
        "encrypted": context.tunnel is not None,
    }
    sentence = introduce("a substation's controller (DNP3)") + " Only its control room should reach it."
    return Identity(service=NAME, why="it answers in a frame of DNP3 with the right sum", sentence=sentence, facts=facts)
