"""GTP version 2: are you there? The echo of mobile networks of the fourth generation."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "gtp_v2"
TITLE: Final = "Tunnels of mobile networks (GTP version 2)"
SOURCE: Final = "3GPP TS 29.274 §5.1 (header), §7.1.1, §7.1.2 (echo), §8.5 (recovery)"
PORTS: Final = (2123,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 5  # the lower 16 of the sequence number's 24 bits
ANSWER_BYTES: Final = 20

_RECOVERY: Final = bytes.fromhex("0300010000")


def payload(nonce: int) -> bytes:
    """Version 2 without a tunnel, echo request, length, sequence number, spare, how often we restarted: never."""
    return bytes.fromhex("4001000900") + nonce_bytes(nonce, NONCE_SIZE) + b"\0" + _RECOVERY


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is an echo response (2), or "version not supported" (3), with our number and as long as it says."""
    if len(data) < 8 or data[0] & 0xE8 != 0x40 or data[1] not in (2, 3) or int.from_bytes(data[2:4]) != len(data) - 4:
        return False
    return data[4:7] == b"\0" + nonce_bytes(nonce, NONCE_SIZE)
