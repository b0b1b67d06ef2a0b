"""The IPv6 header: bytes to value and back; its extension headers are `ipv6_extensions`, and stay in the payload here.

 0                   1                   2                   3
 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-------+---------------+---------------------------------------+
|Version| Traffic Class |              Flow Label               |
+-------+---------------+-------+---------------+---------------+
|         Payload Length        |  Next Header  |   Hop Limit   |
+-------------------------------+---------------+---------------+
|                                                               |
+                    Source Address (16 bytes)                  +
|                                                               |
+---------------------------------------------------------------+
|                                                               |
+                 Destination Address (16 bytes)                +
|                                                               |      RFC 8200 §3
+---------------------------------------------------------------+
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.fields import nonsense, pack, unpack

__all__ = ["NO_NEXT_HEADER", "IPv6", "decode_ipv6", "encode_ipv6"]

NO_NEXT_HEADER: Final = 59  # RFC 8200 §4.7

_WHAT: Final = "IPv6 header"
_HEAD: Final = struct.Struct("!IHBB16s16s")


class IPv6(msgspec.Struct, frozen=True, kw_only=True):
    """One packet; ``payload`` begins with its extension headers. ``payload_length`` ``None``: what is right, when it is written."""

    source: Address
    destination: Address
    next_header: int
    payload: bytes = b""
    hop_limit: int = 64
    traffic_class: int = 0
    flow_label: int = 0
    payload_length: int | None = None  #: 0 before more bytes: a jumbogram (RFC 2675), or hardware was still to cut it into packets

    @property
    def missing_bytes(self) -> int:
        """Bytes that ``payload_length`` promises and ``payload`` doesn't hold: it was captured or quoted in part."""
        return max(0, (self.payload_length or 0) - len(self.payload))


def decode_ipv6(data: bytes) -> IPv6:
    """Read a packet, whole or cut short behind its header; bytes behind ``payload_length`` (padding of the link) are left.

    Raises `PeerError` where the header is cut short or its version isn't 6.
    """
    first, length, next_header, hop_limit, source, destination = unpack(_HEAD, data, _WHAT)
    if first >> 28 != 6:
        raise nonsense(_WHAT, f"its version is {first >> 28}")
    rest = length == 0 and next_header != NO_NEXT_HEADER
    return IPv6(
        source=Address(source),
        destination=Address(destination),
        next_header=next_header,
        payload=data[40:] if rest else data[40 : 40 + length],
        hop_limit=hop_limit,
        traffic_class=first >> 20 & 0xFF,
        flow_label=first & 0xFFFFF,
        payload_length=length,
    )


def encode_ipv6(packet: IPv6) -> bytes:
    """Write a packet; raises `CallError` for a field that doesn't fit."""
    if packet.source.family != 6 or packet.destination.family != 6:
        raise CallError("write the IPv6 header", f"{packet.source} to {packet.destination}", why="both addresses must be IPv6")
    if not (0 <= packet.traffic_class <= 0xFF and 0 <= packet.flow_label <= 0xFFFFF):
        raise CallError("write the IPv6 header", why="the traffic class has 8 bits and the flow label 20")
    first = 6 << 28 | packet.traffic_class << 20 | packet.flow_label
    length = len(packet.payload) if packet.payload_length is None else packet.payload_length
    ends = (packet.source.packed, packet.destination.packed)
    return pack(_HEAD, _WHAT, first, length, packet.next_header, packet.hop_limit, *ends) + packet.payload
