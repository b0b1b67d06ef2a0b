"""SIP: which methods do you take? Every element has to answer OPTIONS, whatever it thinks of the caller, and rings no telephone."""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "sip"
TITLE: Final = "Internet telephony (SIP)"
SOURCE: Final = "RFC 3261 §11 (OPTIONS), §8.2.6.2 (what a response repeats), §18.2.2; RFC 3581 (rport)"
PORTS: Final = (5060, 5062, 5070, 5080)  # IANA: 5060; the others: second profiles of common exchanges
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = None  # eight hexadecimal digits in the branch of Via, which the response repeats
ANSWER_BYTES: Final = 700

_STATUS: Final = re.compile(rb"SIP/2\.0 [1-6]\d\d [^\r\n]{0,200}\r?\n")
_VIA: Final = re.compile(rb"(?i)\r?\n(?:via|v)[ \t]{0,8}:[^\r\n]{0,400};[ \t]{0,8}branch[ \t]{0,8}=[ \t]{0,8}z9hG4bKdw([0-9a-f]{8})")


def payload(nonce: int) -> bytes:
    """The name in Via is nobody's (RFC 6761): "rport" sends the answer to where the question came from."""
    return (
        "OPTIONS sip:doorward@doorward.invalid SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP doorward.invalid;rport;branch=z9hG4bKdw{nonce_bytes(nonce, 4).hex()}\r\n"
        "Max-Forwards: 0\r\n"
        "From: <sip:doorward@doorward.invalid>;tag=doorward\r\n"
        "To: <sip:doorward@doorward.invalid>\r\n"
        "Call-ID: options@doorward.invalid\r\n"
        "CSeq: 1 OPTIONS\r\n"
        "Contact: <sip:doorward@doorward.invalid>\r\n"
        "Content-Length: 0\r\n\r\n"
    ).encode()


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a response whose Via holds our branch."""
    if not _STATUS.match(data):
        return False
    via = _VIA.search(data[:4096])
    return via is not None and via[1].lower() == nonce_bytes(nonce, 4).hex().encode()
