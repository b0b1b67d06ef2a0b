"""Kerberos: a ticket for a nobody of a realm that can't exist. The answer is an error that names the service we asked for.

No account is named, so that none is locked, and no password is tried.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.ber import INTEGER, SEQUENCE, elements, encode, integer, number
from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "kerberos"
TITLE: Final = "Tickets for single sign-on (Kerberos)"
SOURCE: Final = "RFC 4120 §5.4.1 (AS-REQ), §5.9.1 (KRB-ERROR), §7.5.1"
PORTS: Final = (88, 750)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = None  # eight hexadecimal digits in the service's name
ANSWER_BYTES: Final = 220

_GENERAL_STRING: Final = 0x1B
_REALM: Final = encode(_GENERAL_STRING, b"DOORWARD.INVALID")


def _name(kind: int, *parts: bytes) -> bytes:
    """A PrincipalName: its kind, then its parts (§5.2.2)."""
    strings = (encode(_GENERAL_STRING, part) for part in parts)
    return encode(SEQUENCE, encode(0xA0, integer(kind)), encode(0xA1, encode(SEQUENCE, *strings)))


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    body = encode(
        SEQUENCE,
        encode(0xA0, bytes.fromhex("030500") + bytes(4)),  # no options
        encode(0xA1, _name(1, b"doorward")),  # NT-PRINCIPAL
        encode(0xA2, _REALM),
        encode(0xA3, _name(2, b"krbtgt", _instance(nonce))),  # NT-SRV-INST
        encode(0xA5, encode(0x18, b"20370913024805Z")),
        encode(0xA7, encode(INTEGER, b"\x44\x6f\x6f\x72")),
        encode(0xA8, encode(SEQUENCE, integer(18), integer(17))),  # AES with SHA-1 (RFC 3962)
    )
    return encode(0x6A, encode(SEQUENCE, encode(0xA1, integer(5)), encode(0xA2, integer(10)), encode(0xA4, body)))


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a KRB-ERROR (version 5, type 30) that names the service we asked for."""
    whole = elements(data)
    inner = elements(whole[0].content) if whole and len(whole) == 1 and whole[0].tag == 0x7E else None
    fields = elements(inner[0].content) if inner and len(inner) == 1 and inner[0].tag == SEQUENCE else None
    if not fields:
        return False
    said = {field.tag: field.content for field in fields}
    return _number(said.get(0xA0, b"")) == 5 and _number(said.get(0xA1, b"")) == 30 and _instance(nonce) in said.get(0xAA, b"")


def _instance(nonce: int) -> bytes:
    return b"DOORWARD-" + nonce_bytes(nonce, NONCE_SIZE).hex().upper().encode()


def _number(content: bytes) -> int | None:
    inner = elements(content)
    return number(inner[0]) if inner and len(inner) == 1 else None
