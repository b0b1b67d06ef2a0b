"""NTP: what time is it? A client's question, as every machine asks it; never a monitoring query, whose answer is 100 times as long."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "ntp"
TITLE: Final = "Network time (NTP)"
SOURCE: Final = "RFC 5905 §7.3 (header), §8 (the origin timestamp is the client's transmit timestamp)"
PORTS: Final = (123,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 40  # transmit timestamp; the server never reads it as a time
ANSWER_BYTES: Final = 48

_HEADER: Final = 48


def payload(nonce: int) -> bytes:
    """Leap 0, version 4, mode 3 (client); all else zero: we tell nothing of our own clock."""
    return b"\x23" + bytes(39) + nonce_bytes(nonce, NONCE_SIZE)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether a server (mode 4) answers our timestamp; a "kiss of death" does too. Extension fields and MACs make it longer."""
    if not _HEADER <= len(data) <= 512 or len(data) % 4:
        return False
    return data[0] & 7 == 4 and 1 <= data[0] >> 3 & 7 <= 4 and data[24:32] == nonce_bytes(nonce, 8)
