"""SLP: where is a service that nobody has? Whoever is asked alone has to say so, in 20 bytes.

The question for the kinds of services there are has answers of 64 kB, and made SLP a reflector with a factor of 2,200.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "slp"
TITLE: Final = "Services of a network (SLP)"
SOURCE: Final = "RFC 2608 §8 (header), §8.1 (request), §8.2 (reply), §7 (a request to one host is always answered)"
PORTS: Final = (427,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 10  # XID
ANSWER_BYTES: Final = 20

_LANGUAGE: Final = b"\0\2en"
_TEXTS: Final = (b"", b"service:doorward", b"DEFAULT", b"", b"")  # who answered already, what, which scope, which of them, whose signature
_BODY: Final = b"".join(len(text).to_bytes(2) + text for text in _TEXTS)


def payload(nonce: int) -> bytes:
    """Version 2, service request, length, no flags, no extension, XID, language, body."""
    size = 12 + len(_LANGUAGE) + len(_BODY)
    return b"\2\1" + size.to_bytes(3) + bytes(5) + nonce_bytes(nonce, NONCE_SIZE) + _LANGUAGE + _BODY


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a service reply (2), or an acknowledgment with an error (5), to our XID and as long as it says."""
    if len(data) < 16 or data[0] != 2 or data[1] not in (2, 5) or int.from_bytes(data[2:5]) != len(data):
        return False
    return data[10:12] == nonce_bytes(nonce, NONCE_SIZE)
