"""Character generator: some letters, please. The answer has 0 to 512 of them whatever is asked, so we send 512 bytes ourselves."""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "chargen"
TITLE: Final = "Character generator"
SOURCE: Final = "RFC 864"
PORTS: Final = (19,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 1024  # xinetd sends two full datagrams' worth, against the RFC

_LINES: Final = re.compile(rb"[\x20-\x7e\r\n]{1,1500}\0?")
_RUN: Final = bytes(range(0x20, 0x7F))


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return bytes(512)


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is printable, and its second ten letters go on in the alphabet's order as all generators do."""
    return _LINES.fullmatch(data) is not None and len(data) >= 20 and data[10:20] in _RUN + _RUN
