"""SNMP version 3: which engine are you? The discovery that precedes every conversation and needs no user and no password."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.ber import INTEGER, OCTETS, SEQUENCE, elements, encode, integer, number
from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "snmp_v3"
TITLE: Final = "Device management (SNMP version 3)"
SOURCE: Final = "RFC 3412 §6 (message), RFC 3414 §4 (discovery), RFC 3411 §5 (Report)"
PORTS: Final = (161, 10161)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 11  # the lower half of msgID, which the Report repeats (RFC 3412 §7.1)
ANSWER_BYTES: Final = 125  # with an engine id of 32 bytes, the longest

_ID: Final = b"\x5a\x46"
_EMPTY: Final = encode(OCTETS)
_SECURITY: Final = encode(OCTETS, encode(SEQUENCE, _EMPTY, integer(0), integer(0), _EMPTY, _EMPTY, _EMPTY))
_GET: Final = encode(0xA0, integer(0x5A46), integer(0), integer(0), encode(SEQUENCE))
_SCOPED: Final = encode(SEQUENCE, _EMPTY, _EMPTY, _GET)
_REPORTABLE: Final = encode(OCTETS, b"\x04")  # neither authenticated nor private
_USER_BASED: Final = integer(3)
_LONGEST: Final = encode(INTEGER, (1472).to_bytes(2))


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    header = encode(SEQUENCE, b"\2\4" + _ID + nonce_bytes(nonce, NONCE_SIZE), _LONGEST, _REPORTABLE, _USER_BASED)
    return encode(SEQUENCE, integer(3), header, _SECURITY, _SCOPED)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a version 3 message with our message id, and a Report in it where that can be read."""
    whole = elements(data)
    parts = elements(whole[0].content) if whole and len(whole) == 1 and whole[0].tag == SEQUENCE else None
    if parts is None or len(parts) != 4 or number(parts[0]) != 3 or (parts[1].tag, parts[2].tag) != (SEQUENCE, OCTETS):
        return False
    header = elements(parts[1].content)
    if header is None or len(header) != 4 or number(header[0]) != int.from_bytes(_ID + nonce_bytes(nonce, NONCE_SIZE)):
        return False
    scoped = elements(parts[3].content) if parts[3].tag == SEQUENCE else None
    return scoped is not None and len(scoped) == 3 and scoped[2].tag in (0xA8, 0xA2)
