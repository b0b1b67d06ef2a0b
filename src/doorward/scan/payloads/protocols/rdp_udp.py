"""Remote desktop over UDP: shall we speak? SYN and SYN-ACK are both filled up to 1,232 bytes, so that the way is known to carry them."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "rdp_udp"
TITLE: Final = "Windows' remote desktop over UDP"
SOURCE: Final = "MS-RDPEUDP §2.2.2.1 (header), §2.2.2.5 (SYN), §3.1.5.1.1, §3.1.5.1.3 (SYN and ACK)"
PORTS: Final = (3389,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 8  # our first sequence number, which the answer acknowledges
ANSWER_BYTES: Final = 1232

_SIZE: Final = 1232
_SYN, _ACK = 0x0001, 0x0004


def payload(nonce: int) -> bytes:
    """Nothing to acknowledge, window 64, SYN; first sequence number, the largest packets up and down; zeros."""
    head = b"\xff\xff\xff\xff" + (64).to_bytes(2) + _SYN.to_bytes(2)
    return (head + nonce_bytes(nonce, NONCE_SIZE) + _SIZE.to_bytes(2) * 2).ljust(_SIZE, b"\0")


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a SYN with ACK that acknowledges our number and offers packets of a possible size."""
    if len(data) < 16 or data[:4] != nonce_bytes(nonce, NONCE_SIZE) or int.from_bytes(data[6:8]) & (_SYN | _ACK) != _SYN | _ACK:
        return False
    return all(1132 <= int.from_bytes(data[place : place + 2]) <= _SIZE for place in (12, 14))
