"""RIP: how far is this address? A question for one entry is sent back with the distance filled in, byte for byte as long as it was.

The usual question for the whole table is answered with up to 500 bytes, several times. The address is the nonce: nobody is asked there.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "rip"
TITLE: Final = "Routes between routers (RIP)"
SOURCE: Final = "RFC 2453 §3.9.1 (request for single entries), §4 (version 2)"
PORTS: Final = (520,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 8
ANSWER_BYTES: Final = 24

_HEAD: Final = bytes.fromhex("0102000000020000")  # request, version 2; family IP, no tag
_TAIL: Final = bytes.fromhex("ffffffff0000000000000010")  # mask, next hop, distance 16


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return _HEAD + nonce_bytes(nonce, NONCE_SIZE) + _TAIL


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a response with that one entry and a distance up to 16."""
    if len(data) != 24 or data[:2] not in (b"\2\1", b"\2\2") or data[2:6] != b"\0\0\0\2":
        return False
    return data[8:12] == nonce_bytes(nonce, NONCE_SIZE) and 1 <= int.from_bytes(data[20:24]) <= 16
