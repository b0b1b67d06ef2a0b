"""IAX2: are you there? A poke, twelve bytes for twelve; no call is begun."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "iax2"
TITLE: Final = "Internet telephony between exchanges (IAX2)"
SOURCE: Final = "RFC 5456 §8.1.1 (full frame), §6.7.1 (POKE), §6.7.3 (PONG repeats the timestamp)"
PORTS: Final = (4569,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 4  # timestamp
ANSWER_BYTES: Final = 20

_OUR_CALL: Final = 0x0D0D
_FULL: Final = 0x8000
_IAX, _POKE, _PONG, _INVALID = 6, 0x1E, 0x03, 0x0A


def payload(nonce: int) -> bytes:
    """A full frame from our call to none, its time, no frame before, POKE."""
    return (_FULL | _OUR_CALL).to_bytes(2) + bytes(2) + nonce_bytes(nonce, NONCE_SIZE) + bytes((0, 0, _IAX, _POKE))


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a full frame to our call with our time: PONG, or INVAL."""
    if not 12 <= len(data) <= 100 or not data[0] & 0x80 or int.from_bytes(data[2:4]) & 0x7FFF != _OUR_CALL:
        return False
    return data[4:8] == nonce_bytes(nonce, NONCE_SIZE) and data[10] == _IAX and data[11] in (_PONG, _INVALID)
