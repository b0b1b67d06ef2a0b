"""Multicast DNS, asked directly: which kinds of services do you announce? A "legacy" question, as it comes from another port than 5353.

It has to come from the same link (RFC 6762 §11), so that only neighbours answer. A list has no bound, so the question is padded by the
EDNS(0) padding option, which responders pass over.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes
from doorward.scan.payloads.dns_messages import encode_name, question, sections

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "mdns"
TITLE: Final = "Names and services on the link (multicast DNS)"
SOURCE: Final = "RFC 6762 §5.5, §6.7; RFC 6763 §9; RFC 7830 (padding)"
PORTS: Final = (5353,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 0  # §6.7: a response to a legacy question repeats the ID and the question
ANSWER_BYTES: Final = 350

_PTR: Final = 12
_PADDING: Final = 96
_OPT: Final = (
    b"\0\0\x29"  # the root's name, type OPT
    + (1440).to_bytes(2)  # the UDP payload we take (RFC 6762 §17)
    + bytes(4)
    + (4 + _PADDING).to_bytes(2)
    + (12).to_bytes(2)  # option 12: padding
    + _PADDING.to_bytes(2)
    + bytes(_PADDING)
)
_ASKED: Final = question(0, encode_name(b"_services", b"_dns-sd", b"_udp", b"local"), _PTR, 1)
_QUESTION: Final = _ASKED[2:10] + b"\0\1" + _ASKED[12:] + _OPT  # ARCOUNT 1


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return nonce_bytes(nonce, NONCE_SIZE) + _QUESTION


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether ``data`` answers it."""
    response = sections(data, nonce)
    return response is not None and response.rcode == 0 and response.answers > 0 and response.question.lower() == _ASKED[12:]
