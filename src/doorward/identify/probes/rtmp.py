"""RTMP: shakes hands with a streaming server; asks for no stream."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
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
    "next_words",
    "read",
]

NAME: Final = "rtmp"
TITLE: Final = "RTMP: pictures and sound on their way to viewers"
SOURCE: Final = "Adobe RTMP 1.0 §5.2"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    1935,
    1936,
)  # IANA: 1935; habit
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 4096

_FILLING: Final = b"doorward" * 191  # 1,528 bytes (RTMP §5.2.3)
_C0_C1: Final = b"\x03" + bytes(8) + _FILLING
_WHOLE: Final = 1 + 2 * 1536


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Version 3, time zero, four zeros, 1,528 bytes that come back."""
    return _C0_C1


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Version, its bytes, and our own bytes back: 3,073 in all."""
    return Step.DONE if len(received) >= _WHOLE or received[:1] not in (b"", b"\x03") else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answer; it counts when our own bytes come back in it."""
    if len(received) < _WHOLE or received[0] != 3 or received[1 + 1536 + 8 : _WHOLE] != _FILLING:
        return None
    facts: dict[str, Fact] = {"authentication": "unknown", "encrypted": context.tunnel is not None, "protocol_version": "3"}
    sentence = introduce("a streaming server (RTMP)")
    return Identity(service=NAME, why="it gives our bytes back as RTMP's handshake wants", sentence=sentence, facts=facts)
