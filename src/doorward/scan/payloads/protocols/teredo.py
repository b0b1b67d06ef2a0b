"""Teredo: which address would I have? A router solicitation, as every client begins; the advertisement repeats eight bytes of ours."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "teredo"
TITLE: Final = "IPv6 through IPv4 and address translation (Teredo)"
SOURCE: Final = "RFC 4380 §5.1.1 (encapsulation, nonce), §5.2.1 (qualification); RFC 4861 §4.1 (router solicitation)"
PORTS: Final = (3544,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 4
ANSWER_BYTES: Final = 125

_OURS: Final = bytes.fromhex("fe800000000000000000646f6f727761")  # link-local; the flags say "not behind a cone"
_ALL_ROUTERS: Final = bytes.fromhex("ff020000000000000000000000000002")
_ICMPV6: Final = 58
_ADVERTISEMENT: Final = 134


def _sum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    total = sum(int.from_bytes(data[place : place + 2]) for place in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


_CHECKSUM: Final = _sum(_OURS + _ALL_ROUTERS + bytes((0, 0, 0, 8, 0, 0, 0, _ICMPV6)) + b"\x85" + bytes(7)).to_bytes(2)
_PACKET: Final = bytes.fromhex("600000000008") + bytes((_ICMPV6, 255)) + _OURS + _ALL_ROUTERS + b"\x85\0" + _CHECKSUM + bytes(4)


def payload(nonce: int) -> bytes:
    """An authentication without a name or a signature: our number and "confirmed 0"; then the IPv6 packet."""
    return b"\0\1\0\0" + nonce_bytes(nonce, NONCE_SIZE) + b"\0" + _PACKET


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether our number comes back, then perhaps our origin, then a router advertisement."""
    if len(data) < 69 or data[:12] != b"\0\1\0\0" + nonce_bytes(nonce, NONCE_SIZE):
        return False
    packet = data[21:] if data[13:15] == bytes(2) else data[13:]
    if len(packet) < 56 or packet[0] >> 4 != 6 or int.from_bytes(packet[4:6]) != len(packet) - 40:
        return False
    return packet[6] == _ICMPV6 and packet[40] == _ADVERTISEMENT
