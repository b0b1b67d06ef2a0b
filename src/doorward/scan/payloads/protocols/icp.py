"""ICP: have you kept a page that can't exist? A proxy says no, or that we may not ask; the page isn't fetched."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "icp"
TITLE: Final = "Proxies that ask each other (ICP)"
SOURCE: Final = "RFC 2186 (header, opcodes), RFC 2187"
PORTS: Final = (3130,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 4  # request number
ANSWER_BYTES: Final = 46

_URL: Final = b"http://doorward.invalid/\0"
_QUERY: Final = 1
_ANSWERS: Final = (2, 3, 4, 21, 22, 23)  # hit, miss, error, miss and don't fetch, denied, hit with the page
_HEADER: Final = 20


def payload(nonce: int) -> bytes:
    """Opcode, version 2, length, our number, no options, no addresses, the page."""
    size = _HEADER + 4 + len(_URL)
    return bytes((_QUERY, 2)) + size.to_bytes(2) + nonce_bytes(nonce, NONCE_SIZE) + bytes(16) + _URL


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is an answer under our number, as long as it says."""
    if len(data) < _HEADER or data[0] not in _ANSWERS or data[1] not in (2, 3) or int.from_bytes(data[2:4]) != len(data):
        return False
    return data[4:8] == nonce_bytes(nonce, NONCE_SIZE)
