"""Daytime: what day is it, in words? Any datagram will do, so ours is as long as the answer; nothing is repeated."""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "daytime"
TITLE: Final = "Date and time in words"
SOURCE: Final = "RFC 867"
PORTS: Final = (13,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 51

_LINE: Final = re.compile(rb"[\r\n]{0,2}[\x20-\x7e]{8,100}[\r\n]{0,2}\0?")
_TIME: Final = re.compile(rb"\d\d?:\d\d")


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return bytes(32)


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is one printable line with an hour and a minute in it."""
    return _LINE.fullmatch(data) is not None and _TIME.search(data) is not None
