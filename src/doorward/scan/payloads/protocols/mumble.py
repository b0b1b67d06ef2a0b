"""Mumble: how many are talking? The ping that its list of servers sends, 24 bytes for 12."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "mumble"
TITLE: Final = "Talking while playing (Mumble)"
SOURCE: Final = "Mumble's documentation, 'Protocol: ping' (UDP), and its source src/murmur/Server.cpp"
PORTS: Final = (64738,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 4
ANSWER_BYTES: Final = 24


def payload(nonce: int) -> bytes:
    """Type 0, then our number."""
    return bytes(4) + nonce_bytes(nonce, NONCE_SIZE)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a version, our number, users, the most users, bandwidth."""
    return len(data) == 24 and data[4:12] == nonce_bytes(nonce, NONCE_SIZE) and data[:4] != bytes(4)
