"""MGCP: is there an end point? Of a domain that can't exist, so that the gateway says no, under our number and in one line."""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "mgcp"
TITLE: Final = "Telephone gateways (MGCP)"
SOURCE: Final = "RFC 3435 §2.3.11 (AuditEndpoint), §3.2.1 (command line), §3.3 (response line)"
PORTS: Final = (2427, 2727)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = None  # nine decimal digits
ANSWER_BYTES: Final = 70

_RESPONSE: Final = re.compile(rb"[1-9]\d\d (\d{1,9})(?:[ \t][^\r\n]{0,200})?\r?\n")


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return b"AUEP %d doorward@doorward.invalid MGCP 1.0\r\n" % _transaction(nonce)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a response line with our transaction."""
    said = _RESPONSE.match(data)
    return said is not None and int(said[1]) == _transaction(nonce)


def _transaction(nonce: int) -> int:
    """1 to 999,999,999 (§3.2.1.2), here always nine digits."""
    return 100_000_000 + int.from_bytes(nonce_bytes(nonce, NONCE_SIZE)) % 900_000_000
