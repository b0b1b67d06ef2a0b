"""PCP and NAT-PMP: have you started anew? An announcement is answered with as many bytes; the older protocol refuses its version in eight.

Nothing is opened and nothing repeated. NAT-PMP's own question has two bytes and an answer of twelve.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "pcp"
TITLE: Final = "Opening doors in home routers (PCP, NAT-PMP)"
SOURCE: Final = "RFC 6887 §7.1, §7.2, §14.1 (ANNOUNCE), §9 (versions); RFC 6886 §3.5 (unsupported version)"
PORTS: Final = (5351,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 24


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """Version 2, opcode 0, no lifetime, and "no address" as ours: the server answers that ours is another."""
    return b"\2" + bytes(23)


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether PCP answers ANNOUNCE (24 bytes, a known result), or NAT-PMP, or PCP's first version, says which version it has."""
    if len(data) < 8 or data[1] != 0x80:
        return False
    if data[0] == 0:
        return data[2:4] == b"\0\1" and len(data) in (8, 12)
    return data[0] in (1, 2) and len(data) >= 24 and len(data) % 4 == 0 and data[2] == 0 and data[3] <= 13 and len(data) <= 1100
