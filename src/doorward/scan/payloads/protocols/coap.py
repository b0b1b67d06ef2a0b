"""CoAP: are you there? An empty confirmable message, which has to be reset: four bytes for four."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "coap"
TITLE: Final = "Small devices (CoAP)"
SOURCE: Final = "RFC 7252 §4.3 (ping), §3 (header)"
PORTS: Final = (5683,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 2  # message id
ANSWER_BYTES: Final = 4


def payload(nonce: int) -> bytes:
    """Version 1, confirmable, code 0.00."""
    return b"\x40\0" + nonce_bytes(nonce, NONCE_SIZE)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a reset of our message."""
    return data == b"\x70\0" + nonce_bytes(nonce, NONCE_SIZE)
