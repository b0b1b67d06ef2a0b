"""SNMP's two versions with a community: one question, sysObjectID, and its response. They differ in their version number alone."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.ber import OCTETS, SEQUENCE, elements, encode, integer, number
from doorward.scan.payloads.contract import nonce_bytes

__all__ = ["ID_OFFSET", "ID_SIZE", "get", "is_response"]

ID_OFFSET: Final = 19  # the lower half of request-id; the upper keeps it positive and four bytes long
ID_SIZE: Final = 2

_OBJECT_ID: Final = bytes.fromhex("06082b06010201010200")  # 1.3.6.1.2.1.1.2.0: which vendor's which device (RFC 1213 §6, RFC 3418)
_ASKED: Final = encode(SEQUENCE, encode(SEQUENCE, _OBJECT_ID, b"\5\0"))
_REQUEST: Final = b"\x5a\x44"
_GET: Final = 0xA0  # GetRequest-PDU (RFC 1157 §4.1.2, RFC 3416 §3)
_RESPONSE: Final = 0xA2


def get(version: int, nonce: int) -> bytes:
    """The question with the community "public"; ``version`` as on the wire: 0 is version 1, 1 is version 2c."""
    pdu = encode(_GET, b"\2\4" + _REQUEST + nonce_bytes(nonce, ID_SIZE), integer(0), integer(0), _ASKED)
    return encode(SEQUENCE, integer(version), encode(OCTETS, b"public"), pdu)


def is_response(data: bytes, version: int, nonce: int) -> bool:
    """Whether it is a response to our request id, with or without an error."""
    whole = elements(data)
    if not whole or len(whole) != 1 or whole[0].tag != SEQUENCE:
        return False
    parts = elements(whole[0].content)
    if parts is None or len(parts) != 3 or number(parts[0]) != version or (parts[1].tag, parts[2].tag) != (OCTETS, _RESPONSE):
        return False
    pdu = elements(parts[2].content)
    return pdu is not None and len(pdu) == 4 and number(pdu[0]) == int.from_bytes(_REQUEST + nonce_bytes(nonce, ID_SIZE))
