"""Minecraft's query protocol (Java edition, off unless configured): a challenge, please. The server keeps half the bits of our number."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "minecraft_query"
TITLE: Final = "Minecraft (Java edition), query"
SOURCE: Final = "GameSpy 4 query protocol as minecraft.wiki, 'Query', documents it (handshake, session id under 0x0F0F0F0F)"
PORTS: Final = (25565,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 3  # session id; the server may blank the upper half of each byte
ANSWER_BYTES: Final = 17

_KEPT: Final = 0x0F0F0F0F


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return b"\xfe\xfd\x09" + nonce_bytes(nonce, NONCE_SIZE)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a handshake of our session with a number in digits and a zero."""
    if not 7 <= len(data) <= 17 or data[0] != 9 or data[-1] != 0 or (int.from_bytes(data[1:5]) ^ nonce) & _KEPT:
        return False
    return data[5:-1].removeprefix(b"-").isdigit()
