"""GTP version 1: are you there? The echo of mobile networks, on the port of control and on that of the users' packets."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "gtp_v1"
TITLE: Final = "Tunnels of mobile networks (GTP version 1)"
SOURCE: Final = "3GPP TS 29.060 §6 (header), §7.2.1, §7.2.2 (echo); TS 29.281 §7.2"
PORTS: Final = (2123, 2152, 3386)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 8  # sequence number
ANSWER_BYTES: Final = 16


def payload(nonce: int) -> bytes:
    """Version 1 with a sequence number, echo request, four more bytes, no tunnel."""
    return bytes.fromhex("3201000400000000") + nonce_bytes(nonce, NONCE_SIZE) + bytes(2)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is an echo response (2), or "version not supported" (3), with our number and as long as it says."""
    if len(data) < 12 or data[0] & 0xF2 != 0x32 or data[1] not in (2, 3) or int.from_bytes(data[2:4]) != len(data) - 8:
        return False
    return data[8:10] == nonce_bytes(nonce, NONCE_SIZE)
