"""SNMP version 2c: what kind of device are you? Asked with the community "public"; some agents left version 1 out."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.snmp_get import ID_OFFSET, ID_SIZE, get, is_response

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "snmp_v2c"
TITLE: Final = "Device management (SNMP version 2c)"
SOURCE: Final = "RFC 1901 §3, RFC 3416 §4.2.1; RFC 3418 (sysObjectID)"
PORTS: Final = (161,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = ID_SIZE
NONCE_OFFSET: Final = ID_OFFSET
ANSWER_BYTES: Final = 58

_VERSION: Final = 1


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return get(_VERSION, nonce)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a response to our request id."""
    return is_response(data, _VERSION, nonce)
