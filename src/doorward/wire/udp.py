"""The UDP header: bytes to value and back.

 0              15 16             31
+-----------------+-----------------+
|   Source Port   | Destination Port|
+-----------------+-----------------+
|     Length      |    Checksum     |      RFC 768; a checksum of 0 means that there is none
+-----------------+-----------------+
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.checksums import transport_checksum
from doorward.wire.fields import nonsense, pack, unpack

__all__ = ["PROTOCOL_UDP", "Datagram", "decode_udp", "encode_udp"]

PROTOCOL_UDP: Final = 17

_WHAT: Final = "UDP header"
_HEAD: Final = struct.Struct("!HHHH")


class Datagram(msgspec.Struct, frozen=True, kw_only=True):
    """One datagram. ``None`` in ``length`` and ``checksum`` means: what is right, when it is written."""

    source_port: int
    destination_port: int
    payload: bytes = b""
    length: int | None = None  #: 0: it reaches to the packet's end (a jumbogram, RFC 2675 §4)
    checksum: int | None = None


def decode_udp(data: bytes) -> Datagram:
    """Read a datagram, whole or cut short behind its header; raises `PeerError` where it claims less than its own header."""
    source_port, destination_port, length, checksum = unpack(_HEAD, data, _WHAT)
    if 0 < length < 8:
        raise nonsense(_WHAT, f"it claims {length} bytes")
    return Datagram(
        source_port=source_port,
        destination_port=destination_port,
        payload=data[8 : length or len(data)],
        length=length,
        checksum=checksum,
    )


def encode_udp(datagram: Datagram, source: Address | None = None, destination: Address | None = None) -> bytes:
    """Write a datagram; the addresses are needed where its checksum is to be made. Raises `CallError`."""
    length = 8 + len(datagram.payload) if datagram.length is None else datagram.length
    fields = (datagram.source_port, datagram.destination_port, length)
    checksum = datagram.checksum
    if checksum is None:
        if source is None or destination is None:
            raise CallError(f"write the {_WHAT}", why="its checksum needs both addresses")
        checksum = transport_checksum(source, destination, PROTOCOL_UDP, pack(_HEAD, _WHAT, *fields, 0) + datagram.payload) or 0xFFFF
    return pack(_HEAD, _WHAT, *fields, checksum) + datagram.payload
