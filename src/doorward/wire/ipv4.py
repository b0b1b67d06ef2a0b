"""The IPv4 header with its options and fragments: bytes to value and back; knows nothing of what it carries.

 0                   1                   2                   3
 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-------+-------+---------------+-------------------------------+
|Version|  IHL  |Type of Service|          Total Length         |
+-------+-------+---------------+-----+-------------------------+
|         Identification        |0 D M|      Fragment Offset    |
+---------------+---------------+-----+-------------------------+
|  Time to Live |    Protocol   |         Header Checksum       |
+---------------+---------------+-------------------------------+
|                       Source Address                          |
+---------------------------------------------------------------+
|                    Destination Address                        |
+-----------------------------------------------+---------------+
|                    Options                    |    Padding    |      RFC 791 §3.1
+-----------------------------------------------+---------------+
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.checksums import internet_checksum
from doorward.wire.fields import need, nonsense, pack, unpack
from doorward.wire.options import GarbledOptions, Option, decode_options, encode_options

__all__ = ["IPv4", "decode_ipv4", "encode_ipv4"]

_WHAT: Final = "IPv4 header"
_HEAD: Final = struct.Struct("!BBHHHBBH4s4s")

_RESERVED: Final = 0x8000
_DONT_FRAGMENT: Final = 0x4000
_MORE_FRAGMENTS: Final = 0x2000


class IPv4(msgspec.Struct, frozen=True, kw_only=True):
    """One packet or fragment. ``None`` in ``total_length`` and ``checksum`` means: what is right, when it is written."""

    source: Address
    destination: Address
    protocol: int
    payload: bytes = b""
    ttl: int = 64
    traffic_class: int = 0  #: DSCP and ECN (RFC 2474, RFC 3168)
    identification: int = 0
    dont_fragment: bool = False
    more_fragments: bool = False
    fragment_offset: int = 0  #: in bytes, a multiple of 8
    reserved_bit: bool = False  #: must be zero, and survives if it isn't
    options: tuple[Option | GarbledOptions, ...] = ()
    total_length: int | None = None  #: 0 in a capture: the sender's hardware was still to cut it into packets
    checksum: int | None = None

    @property
    def is_later_fragment(self) -> bool:
        """Whether the payload begins inside another header."""
        return self.fragment_offset > 0

    @property
    def missing_bytes(self) -> int:
        """Bytes that ``total_length`` promises and ``payload`` doesn't hold: it was captured or quoted in part."""
        return max(0, (self.total_length or 0) - 20 - len(encode_options(self.options)) - len(self.payload))


def decode_ipv4(data: bytes) -> IPv4:
    """Read a packet, whole or cut short behind its header; bytes behind ``total_length`` (padding of the link) are left.

    Raises `PeerError` where the header is cut short or its version or lengths contradict it.
    """
    first, traffic_class, total, identification, fragment, ttl, protocol, checksum, source, destination = unpack(_HEAD, data, _WHAT)
    header = (first & 0x0F) * 4
    if first >> 4 != 4:
        raise nonsense(_WHAT, f"its version is {first >> 4}")
    if header < 20 or 0 < total < header:
        raise nonsense(_WHAT, f"a header of {header} bytes in a packet of {total}")
    need(data, header, _WHAT)
    return IPv4(
        source=Address(source),
        destination=Address(destination),
        protocol=protocol,
        payload=data[header : total or len(data)],
        ttl=ttl,
        traffic_class=traffic_class,
        identification=identification,
        dont_fragment=bool(fragment & _DONT_FRAGMENT),
        more_fragments=bool(fragment & _MORE_FRAGMENTS),
        fragment_offset=(fragment & 0x1FFF) * 8,
        reserved_bit=bool(fragment & _RESERVED),
        options=decode_options(data[20:header]),
        total_length=total,
        checksum=checksum,
    )


def encode_ipv4(packet: IPv4) -> bytes:
    """Write a packet; raises `CallError` for a field that doesn't fit."""
    if packet.source.family != 4 or packet.destination.family != 4:
        raise CallError("write the IPv4 header", f"{packet.source} to {packet.destination}", why="both addresses must be IPv4")
    if packet.fragment_offset % 8:
        raise CallError("write the IPv4 header", str(packet.fragment_offset), why="a fragment begins at a multiple of 8 bytes")
    options = encode_options(packet.options)
    size = 20 + len(options)
    flags = packet.reserved_bit * _RESERVED | packet.dont_fragment * _DONT_FRAGMENT | packet.more_fragments * _MORE_FRAGMENTS
    offset = packet.fragment_offset // 8
    if offset > 0x1FFF:
        raise CallError("write the IPv4 header", str(packet.fragment_offset), why="the fragment offset has 13 bits, in units of 8 bytes")
    total = size + len(packet.payload) if packet.total_length is None else packet.total_length
    fields = (0x40 | size // 4, packet.traffic_class, total, packet.identification, flags | offset, packet.ttl, packet.protocol)
    ends = (packet.source.packed, packet.destination.packed)
    checksum = packet.checksum
    if checksum is None:
        checksum = internet_checksum(pack(_HEAD, _WHAT, *fields, 0, *ends) + options)
    return pack(_HEAD, _WHAT, *fields, checksum, *ends) + options + packet.payload
