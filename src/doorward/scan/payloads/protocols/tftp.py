"""TFTP: may I read a file that isn't there? The error comes, as RFC 1350 wants it, from a port that the server chose for us.

Nothing of the question is repeated. The few servers that do have such a file would send its first block; we never acknowledge it.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = [
    "ANSWERS_FROM_ANOTHER_PORT",
    "ANSWER_BYTES",
    "NAME",
    "NONCE_OFFSET",
    "NONCE_SIZE",
    "PORTS",
    "SAFE",
    "SOURCE",
    "TITLE",
    "is_answer",
    "payload",
]

NAME: Final = "tftp"
TITLE: Final = "Simple file transfer (TFTP)"
SOURCE: Final = "RFC 1350 §2, §4 (the answer's port), §5"
PORTS: Final = (69,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 40  # an error's text
ANSWERS_FROM_ANOTHER_PORT: Final = True

_QUESTION: Final = b"\0\1doorward/is-not-here\0octet\0"
_DATA: Final = b"\0\3\0\1"  # block 1
_ERROR: Final = b"\0\5\0"
_LAST_CODE: Final = 8  # RFC 2347


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return _QUESTION


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is an error (code, text, zero), or the first block of a file."""
    if data.startswith(_DATA):
        return len(data) <= 4 + 512
    return data.startswith(_ERROR) and 5 <= len(data) <= 512 and data[3] <= _LAST_CODE and data.find(0, 4) == len(data) - 1
