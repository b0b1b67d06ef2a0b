"""Echo: say this again. Whatever answers in the same words is an echo, or something that repeats us for another reason."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "echo"
TITLE: Final = "Echo"
SOURCE: Final = "RFC 862"
PORTS: Final = (7,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 8
ANSWER_BYTES: Final = 16


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return b"doorward" + nonce_bytes(nonce, NONCE_SIZE)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether our own words come back."""
    return data == payload(nonce)
