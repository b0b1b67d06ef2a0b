"""RMCP: is there a management controller? The presence ping, which needs no session; the pong repeats our one-byte tag."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "rmcp"
TITLE: Final = "Remote power and console of servers (ASF, IPMI)"
SOURCE: Final = "DMTF DSP0136 (ASF 2.0) §3.2.2 (RMCP), §3.2.4.2 (ping), §3.2.4.3 (pong)"
PORTS: Final = (623, 664)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 1
NONCE_OFFSET: Final = 9  # message tag; 255 means "one way" and is not answered
ANSWER_BYTES: Final = 28

_HEAD: Final = bytes.fromhex("0600ff06000011be")  # version 1.0, no acknowledgment, class ASF; the enterprise number of ASF
_PING: Final = b"\x80"
_PONG: Final = b"\x40"


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return _HEAD + _PING + nonce_bytes(nonce, NONCE_SIZE) + bytes(2)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a pong with our tag and its 16 bytes."""
    return len(data) == 28 and data[:10] == _HEAD + _PONG + nonce_bytes(nonce, NONCE_SIZE) and data[10:12] == b"\0\x10"
