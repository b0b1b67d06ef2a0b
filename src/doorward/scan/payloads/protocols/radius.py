"""RADIUS: are you well? Only a server that counts us as its client, with the secret we guess, may answer; all others have to be silent.

The secret is "testing123", which FreeRADIUS gives its own host and many never changed. No login is tried. The answer is signed with
our authenticator in it (Response Authenticator), which validates it better than any repeated field.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "radius"
TITLE: Final = "Logins for network access (RADIUS)"
SOURCE: Final = "RFC 5997 (Status-Server), RFC 2865 §3 (Response Authenticator), RFC 3579 §3.2 (Message-Authenticator)"
PORTS: Final = (1812, 1645)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = None  # all of it is signed
ANSWER_BYTES: Final = 80

_SECRET: Final = b"testing123"
_STATUS_SERVER: Final = 12
_LENGTH: Final = 38
_ANSWERS: Final = (2, 3, 5, 11)  # Access-Accept, Access-Reject, Accounting-Response, Access-Challenge


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    head = bytes((_STATUS_SERVER, nonce & 0xFF)) + _LENGTH.to_bytes(2) + _authenticator(nonce) + b"\x50\x12"
    return head + hmac.digest(_SECRET, head + bytes(16), "md5")


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a response to our number, as long as it says, and signed over our authenticator."""
    if len(data) < 20 or data[0] not in _ANSWERS or data[1] != nonce & 0xFF or not 20 <= int.from_bytes(data[2:4]) <= len(data) <= 4096:
        return False
    whole = data[: int.from_bytes(data[2:4])]
    signed = hashlib.md5(whole[:4] + _authenticator(nonce) + whole[20:] + _SECRET, usedforsecurity=False)
    return hmac.compare_digest(signed.digest(), whole[4:20])


def _authenticator(nonce: int) -> bytes:
    return b"doorward" + nonce_bytes(nonce, NONCE_SIZE)
