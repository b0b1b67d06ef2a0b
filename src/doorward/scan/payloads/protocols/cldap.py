"""LDAP without a connection: is there a root entry? None of its attributes is wanted, so that the answer is shorter than the question.

The usual question for all of the root entry is answered with 3,000 bytes and more.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.ber import OCTETS, SEQUENCE, elements, encode, number
from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "cldap"
TITLE: Final = "Directory of people and machines (LDAP over UDP)"
SOURCE: Final = "RFC 4511 §4.5.1 (search; 4.5.1.8: the attribute '1.1' means none); MS-ADTS §3.1.1.3 (over UDP)"
PORTS: Final = (389, 3268)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 6  # the lower half of messageID; the upper keeps it positive and four bytes long
ANSWER_BYTES: Final = 60

_ID: Final = b"\x5a\x44"
_SEARCH: Final = encode(
    0x63,
    encode(OCTETS),  # the root
    bytes.fromhex("0a01000a0100020101020105010100"),  # this entry alone, aliases as they are, one entry, five seconds, names alone
    encode(0x87, b"objectClass"),  # whatever has a class
    encode(SEQUENCE, encode(OCTETS, b"1.1")),
)


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return encode(SEQUENCE, b"\2\4" + _ID + nonce_bytes(nonce, NONCE_SIZE), _SEARCH)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether the first message is an entry or the end of our search; a server may lay both into one datagram."""
    whole = elements(data)
    parts = elements(whole[0].content) if whole and whole[0].tag == SEQUENCE else None
    if parts is None or not 2 <= len(parts) <= 3 or parts[1].tag not in (0x64, 0x65):
        return False
    return number(parts[0]) == int.from_bytes(_ID + nonce_bytes(nonce, NONCE_SIZE))
