"""IKE version 2: shall we agree on keys? The key that we bring is of a group that we don't propose, so nobody has to compute or remember.

The responder says which group it wants (INVALID_KE_PAYLOAD), or that it wants nothing of ours (NO_PROPOSAL_CHOSEN), in 36 to 38 bytes;
a gateway that knows version 1 alone says INVALID-MAJOR-VERSION. Only an unlikely one that ignores the group answers in full.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.ike_init import ike_init, is_ike_response

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "ike"
TITLE: Final = "Keys for IPsec tunnels (IKE)"
SOURCE: Final = "RFC 7296 §1.2, §1.3, §2.5, §2.21.1, §3.1-§3.4, §3.9; RFC 2408 §3.1 (version 1)"
PORTS: Final = (500, 848)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 0  # the initiator's SPI; zero is not allowed
ANSWER_BYTES: Final = 300


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return ike_init(nonce)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a whole message that begins with our SPI and is marked as a response."""
    return is_ike_response(data, nonce)
