"""NetBIOS name service: who is "*"? Every node answers with its own addresses, 62 bytes for our 50.

The better known status query returns the whole table of names, four times as much.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes
from doorward.scan.payloads.dns_messages import encode_name, question, sections

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "netbios_ns"
TITLE: Final = "Windows names (NetBIOS name service)"
SOURCE: Final = "RFC 1002 §4.2.12 (query), §4.2.13 (positive), §4.2.14 (negative); RFC 1001 §14.1 (encoding of names)"
PORTS: Final = (137,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 0  # NAME_TRN_ID
ANSWER_BYTES: Final = 86  # with five addresses

_NAME: Final = encode_name(b"CK" + b"A" * 30)  # "*" and fifteen zero bytes, a letter for each half byte
_NB: Final = 0x20
_QUESTION: Final = question(0, _NAME, _NB, 1)[2:]


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return nonce_bytes(nonce, NONCE_SIZE) + _QUESTION


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a response with authority that names what we asked for: records come without a question here."""
    response = sections(data, nonce)
    if response is None or not response.flags & 0x0400 or response.answers != 1:
        return False
    return response.rest.startswith(_NAME) and response.rest[len(_NAME) :][:4] in (b"\0\x20\0\1", b"\0\x0a\0\1")
