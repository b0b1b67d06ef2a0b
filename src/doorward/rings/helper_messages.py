"""What a scanner without rights and the helper say to each other: one question, one answer; opens no socket.

One message each way on a UNIX sequenced-packet socket; with a granting answer come two descriptors, the sender's and the listener's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec

from doorward.errors import PeerError
from doorward.values.addresses import Address
from doorward.values.printable import printable

__all__ = [
    "DEFAULT_SOCKET",
    "MAX_MESSAGE_BYTES",
    "Granted",
    "Question",
    "Refused",
    "decode_answer",
    "decode_question",
    "encode_message",
    "own_addresses",
]

DEFAULT_SOCKET: Final = Path("/run/doorward/rings.socket")
MAX_MESSAGE_BYTES: Final = 8192
_MOST_ADDRESSES: Final = 16


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="open"):
    """Ask for a ring on ``interface`` that hears answers to ``addresses`` (the machine's own) at ports ``first_port`` to ``last_port``."""

    version: Literal[1] = 1
    interface: str
    addresses: list[str]
    first_port: int
    last_port: int
    snap_bytes: int = 256


class Granted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="granted"):
    """Two descriptors come with it: one to send with, one that hears through a locked filter."""

    snap_bytes: int


class Refused(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="refused"):
    """Why not, in words for the person."""

    why: str


def encode_message(message: Question | Granted | Refused) -> bytes:
    """Encode as one JSON text."""
    return msgspec.json.encode(message)


def decode_question(data: bytes) -> Question:
    """Decode and bound; raises `PeerError` for anything but a well-formed question."""
    try:
        question = msgspec.json.decode(data, type=Question)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PeerError("read the question", why=printable(str(error), 200)) from None
    if not 1 <= len(question.addresses) <= _MOST_ADDRESSES:
        raise PeerError("read the question", why=f"it must name 1 to {_MOST_ADDRESSES} addresses")
    if not 0 < question.first_port <= question.last_port <= 65535:
        raise PeerError("read the question", why="its ports are no range")
    if not 64 <= question.snap_bytes <= 65535:
        raise PeerError("read the question", why="it must want 64 to 65535 bytes of each frame")
    return question


def own_addresses(question: Question) -> list[Address]:
    """Return the question's addresses, parsed; raises `CallError` for what is none."""
    return [Address.parse(text) for text in question.addresses]


def decode_answer(data: bytes) -> Granted | Refused:
    """Decode; raises `PeerError`."""
    try:
        return msgspec.json.decode(data, type=Granted | Refused)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PeerError("read the helper's answer", why=printable(str(error), 200)) from None
