"""STUN: from which address do you see me? TURN servers answer it too; an allocation is never asked for, since it would keep a port there.

The name of our software stands in the question as its padding, since servers tell several addresses and their own name.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "stun"
TITLE: Final = "Finding one's way through address translation (STUN, TURN)"
SOURCE: Final = "RFC 8489 §5 (header), §6.3 (processing), §14.14 (SOFTWARE)"
PORTS: Final = (3478, 3479, 5349, 19302)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 12  # the lower 64 of the 96 bits of the transaction id
ANSWER_BYTES: Final = 110  # mapped, response and other address, software, fingerprint

_COOKIE: Final = bytes.fromhex("2112a442")
_SOFTWARE: Final = b"doorward: which doors are open? "
_ATTRIBUTES: Final = b"\x80\x22" + len(_SOFTWARE).to_bytes(2) + _SOFTWARE


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return b"\0\1" + len(_ATTRIBUTES).to_bytes(2) + _COOKIE + b"door" + nonce_bytes(nonce, NONCE_SIZE) + _ATTRIBUTES


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a success (0x0101) or an error (0x0111) with our transaction id, and as long as it says."""
    if len(data) < 20 or data[:2] not in (b"\1\1", b"\1\x11") or int.from_bytes(data[2:4]) != len(data) - 20 or len(data) % 4:
        return False
    return data[4:8] == _COOKIE and data[8:20] == b"door" + nonce_bytes(nonce, NONCE_SIZE)
