"""Quote of the day: a saying, please. It has up to 512 characters whatever is asked, so we send as many ourselves."""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "qotd"
TITLE: Final = "Quote of the day"
SOURCE: Final = "RFC 865"
PORTS: Final = (17,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 512

_TEXT: Final = re.compile(rb"[\x20-\x7e\x80-\xff\r\n\t]{8,512}\0?")


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return bytes(512)


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is text of at least two words and at most 512 characters."""
    return _TEXT.fullmatch(data) is not None and len(data.split()) >= 2
