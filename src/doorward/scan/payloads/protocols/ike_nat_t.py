"""IKE behind address translation: the same question as on port 500, after four zero bytes that say "this isn't ESP"."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.ike_init import ike_init, is_ike_response

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "ike_nat_t"
TITLE: Final = "Keys for IPsec tunnels behind address translation (IKE, NAT-T)"
SOURCE: Final = "RFC 3948 §2.2 (the four zero bytes), RFC 7296 §2.23"
PORTS: Final = (4500,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 4
ANSWER_BYTES: Final = 304

_NOT_ESP: Final = bytes(4)


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return _NOT_ESP + ike_init(nonce)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether an IKE response with our SPI follows the four zero bytes."""
    return data[:4] == _NOT_ESP and is_ike_response(data[4:], nonce)
