"""DNS: a server's version in class CHAOS, which leads to nobody else: no recursion, no referral to the root, no stranger's domain.

Any question in class IN may be answered with a list of the root's servers (over 200 bytes) or send a resolver on a journey.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes
from doorward.scan.payloads.dns_messages import encode_name, question, sections

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "dns"
TITLE: Final = "Domain names (DNS)"
SOURCE: Final = "RFC 1035 §4.1, RFC 4892 §2 (version of a server), RFC 8906 (no answer is a fault)"
PORTS: Final = (53, 1053, 5300, 5335)  # IANA: 53; the others: resolvers behind a filter
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 0  # ID: "copied into the corresponding reply"
ANSWER_BYTES: Final = 90  # a TXT of at most 40 characters; with BIND's authority section; a refusal has 12 or 30

_NAME: Final = encode_name(b"version", b"bind")
_TXT: Final = 16
_CHAOS: Final = 3
_QUESTION: Final = question(0, _NAME, _TXT, _CHAOS)[2:]


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return nonce_bytes(nonce, NONCE_SIZE) + _QUESTION


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it repeats our question, or reports an error without it (FORMERR, NOTIMP and REFUSED may come bare)."""
    response = sections(data, nonce)
    if response is None:
        return False
    return response.question.lower() == _QUESTION[10:] if response.question else response.rcode != 0
