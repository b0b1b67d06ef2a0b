"""memcached: which version are you? Never a stored value: those made memcached the strongest reflector there was (factor 51,000)."""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "memcached"
TITLE: Final = "Short-term memory of web sites (memcached)"
SOURCE: Final = "memcached's doc/protocol.txt, 'UDP protocol' and 'version'"
PORTS: Final = (11211,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 0  # request id
ANSWER_BYTES: Final = 40

_FRAME: Final = bytes.fromhex("000000010000")  # packet 0 of 1, reserved
_TEXT: Final = re.compile(rb"(?:VERSION [^\r\n]{1,100}|ERROR|(?:CLIENT|SERVER)_ERROR [^\r\n]{0,200})\r\n")


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return nonce_bytes(nonce, NONCE_SIZE) + _FRAME + b"version\r\n"


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is one packet for our request with a version or an error in it."""
    return data[:8] == nonce_bytes(nonce, NONCE_SIZE) + _FRAME and _TEXT.fullmatch(data[8:]) is not None
