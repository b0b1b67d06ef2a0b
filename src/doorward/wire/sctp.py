"""An SCTP packet: its header and checksum around chunks; what the chunks say is in `sctp_chunks`.

 0                               16                             31
+-------------------------------+-------------------------------+
|          Source Port          |        Destination Port       |
+-------------------------------+-------------------------------+
|                       Verification Tag                        |
+---------------------------------------------------------------+
|              Checksum (CRC32c, little-endian)                 |      RFC 9260 §3.1
+---------------------------------------------------------------+
|                       chunk, chunk, …                         |
+-------------------------------------------------------------- -
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.wire.crc32c import crc32c
from doorward.wire.fields import pack, unpack
from doorward.wire.sctp_chunks import SctpChunk, decode_chunks, encode_chunks

__all__ = ["PROTOCOL_SCTP", "SctpPacket", "decode_sctp", "encode_sctp"]

PROTOCOL_SCTP: Final = 132

_WHAT: Final = "SCTP header"
_HEAD: Final = struct.Struct("!HHI4s")


class SctpPacket(msgspec.Struct, frozen=True, kw_only=True):
    """One packet; ``checksum`` ``None`` means: what is right, when it is written. No pseudo-header: addresses may change."""

    source_port: int
    destination_port: int
    verification_tag: int
    chunks: tuple[SctpChunk, ...] = ()
    checksum: int | None = None


def decode_sctp(data: bytes) -> SctpPacket:
    """Read a packet; raises `PeerError` where its header or a chunk is cut short."""
    source_port, destination_port, tag, checksum = unpack(_HEAD, data, _WHAT)
    return SctpPacket(
        source_port=source_port,
        destination_port=destination_port,
        verification_tag=tag,
        chunks=decode_chunks(data[12:]),
        checksum=int.from_bytes(checksum, "little"),
    )


def encode_sctp(packet: SctpPacket) -> bytes:
    """Write a packet; raises `CallError` for a field that doesn't fit."""
    chunks = encode_chunks(packet.chunks)
    fields = (packet.source_port, packet.destination_port, packet.verification_tag)
    checksum = packet.checksum
    if checksum is None:
        checksum = crc32c(pack(_HEAD, _WHAT, *fields, bytes(4)) + chunks)
    return pack(_HEAD, _WHAT, *fields, checksum.to_bytes(4, "little")) + chunks
