"""No question at all: a datagram without content, which closed ports refuse like any other, and a few open ones answer.

Whatever comes back is an answer, and says nothing of what answered.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "empty"
TITLE: Final = "A datagram without content"
SOURCE: Final = "RFC 768 (length 8 is the least), RFC 1122 §4.1.3.1 (a closed port answers with ICMP)"
PORTS: Final = ()
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 0


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return b""


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether anything came."""
    return bool(data)
