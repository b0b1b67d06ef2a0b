"""The internet checksum of one packet, and its update when a field changes; knows headers only as bytes to sum.

The sum is that of all 16-bit words in one's complement arithmetic, where a carry out of the top comes in at the bottom: arithmetic
modulo 65535 in which "nothing" is 0 and every other multiple of 65535 is 0xffff. So the sum of a whole packet is one number, taken
modulo 65535, and the order of the words doesn't matter (RFC 1071 §2). The checksum is its complement.

The pseudo-header ties a segment to its addresses. IPv4 (RFC 9293 §3.1) and IPv6 (RFC 8200 §8.1):

    +--------+--------+--------+--------+        +--------+--------+--------+--------+
    |           source address          |        |   source address, 16 bytes        |
    +--------+--------+--------+--------+        +--------+--------+--------+--------+
    |         destination address       |        |   destination address, 16 bytes   |
    +--------+--------+--------+--------+        +--------+--------+--------+--------+
    |  zero  |protocol|      length     |        |      length of the segment        |
    +--------+--------+--------+--------+        +--------+--------+--------+--------+
                                                 |          zero            |protocol|
                                                 +--------+--------+--------+--------+
"""

from __future__ import annotations

import struct

from doorward.errors import CallError
from doorward.values.addresses import Address

__all__ = ["internet_checksum", "internet_sum", "pseudo_header", "transport_checksum", "update_checksum"]


def internet_sum(data: bytes) -> int:
    """Return the one's complement sum of the 16-bit words of ``data``, folded; an odd last byte is the high half of a word."""
    total = int.from_bytes(data if len(data) % 2 == 0 else data + b"\0", "big")
    return total % 0xFFFF or (0xFFFF if total else 0)


def internet_checksum(data: bytes) -> int:
    """Return the checksum of ``data``, whose own checksum field must be zero; with the field as received a whole packet gives 0."""
    return internet_sum(data) ^ 0xFFFF


def pseudo_header(source: Address, destination: Address, protocol: int, length: int) -> bytes:
    """Return the bytes summed before a segment of ``length`` bytes."""
    if source.family != destination.family:
        raise CallError("sum a packet from", f"{source} to {destination}", why="both addresses must be of one family")
    tail = struct.pack("!HH", protocol, length) if source.family == 4 else struct.pack("!II", length, protocol)
    return source.packed + destination.packed + tail


def transport_checksum(source: Address, destination: Address, protocol: int, segment: bytes) -> int:
    """Return the checksum of a TCP, UDP or ICMPv6 segment whose checksum field is zero; UDP sends 0 as 0xffff (RFC 768)."""
    return internet_checksum(pseudo_header(source, destination, protocol, len(segment)) + segment)


def update_checksum(checksum: int, old: int, new: int) -> int:
    """Return the checksum after one 16-bit word of the packet has changed from ``old`` to ``new`` (RFC 1624 §3, equation 3)."""
    total = (checksum ^ 0xFFFF) + (old ^ 0xFFFF) + new
    total = (total & 0xFFFF) + (total >> 16)
    return ((total & 0xFFFF) + (total >> 16)) ^ 0xFFFF
