"""The TCP header with its options: bytes to value and back; knows no connection.

 0                   1                   2                   3
 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-------------------------------+-------------------------------+
|          Source Port          |       Destination Port        |
+-------------------------------+-------------------------------+
|                        Sequence Number                        |
+---------------------------------------------------------------+
|                    Acknowledgment Number                      |
+-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
|  Data |     |A|C|E|U|A|P|R|S|F|                               |
| Offset| Rsv |E|W|C|R|C|S|S|Y|I|            Window             |      RFC 9293 §3.1; AE: RFC 9768
|       |     | |R|E|G|K|H|T|N|N|                               |
+-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
|           Checksum            |         Urgent Pointer        |
+-------------------------------+---------------+---------------+
|                    Options                    |    Padding    |
+-----------------------------------------------+---------------+
"""

from __future__ import annotations

import enum
import struct
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.checksums import transport_checksum
from doorward.wire.fields import need, nonsense, pack, unpack
from doorward.wire.options import GarbledOptions, Option, decode_options, encode_options

__all__ = ["PROTOCOL_TCP", "Segment", "TcpFlags", "decode_tcp", "encode_tcp"]

PROTOCOL_TCP: Final = 6

_WHAT: Final = "TCP header"
_HEAD: Final = struct.Struct("!HHIIHHHH")


class TcpFlags(enum.IntFlag):
    """The nine control bits."""

    FIN = 0x001  #: no more bytes will come
    SYN = 0x002  #: a connection begins
    RST = 0x004  #: there is no such connection
    PSH = 0x008  #: hand over what has come
    ACK = 0x010  #: the acknowledgment number counts
    URG = 0x020  #: the urgent pointer counts
    ECE = 0x040  #: congestion was met on the way (RFC 3168)
    CWR = 0x080  #: the sender has slowed down for it
    AE = 0x100  #: accurate congestion feedback (RFC 9768; once the nonce sum)


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One segment; ``checksum`` ``None`` means: what is right, when it is written."""

    source_port: int
    destination_port: int
    sequence: int = 0
    acknowledgment: int = 0
    flags: TcpFlags = TcpFlags(0)
    window: int = 0
    urgent_pointer: int = 0
    options: tuple[Option | GarbledOptions, ...] = ()
    payload: bytes = b""
    reserved: int = 0  #: three bits that must be zero, and survive if they aren't
    checksum: int | None = None


def decode_tcp(data: bytes) -> Segment:
    """Read a segment; raises `PeerError` where its header is cut short or claims less than 20 bytes."""
    source_port, destination_port, sequence, acknowledgment, control, window, checksum, urgent = unpack(_HEAD, data, _WHAT)
    size = (control >> 12) * 4
    if size < 20:
        raise nonsense(_WHAT, f"it claims {size} bytes")
    need(data, size, _WHAT)
    return Segment(
        source_port=source_port,
        destination_port=destination_port,
        sequence=sequence,
        acknowledgment=acknowledgment,
        flags=TcpFlags(control & 0x1FF),
        window=window,
        urgent_pointer=urgent,
        options=decode_options(data[20:size]),
        payload=data[size:],
        reserved=control >> 9 & 7,
        checksum=checksum,
    )


def encode_tcp(segment: Segment, source: Address | None = None, destination: Address | None = None) -> bytes:
    """Write a segment; the addresses are needed where its checksum is to be made. Raises `CallError`."""
    options = encode_options(segment.options)
    if not 0 <= segment.reserved <= 7:
        raise CallError(f"write the {_WHAT}", why="its reserved bits are three")
    control = (5 + len(options) // 4) << 12 | segment.reserved << 9 | segment.flags
    ports = (segment.source_port, segment.destination_port)
    fields = (*ports, segment.sequence, segment.acknowledgment, control, segment.window)
    checksum = segment.checksum
    if checksum is None:
        if source is None or destination is None:
            raise CallError(f"write the {_WHAT}", why="its checksum needs both addresses")
        bare = pack(_HEAD, _WHAT, *fields, 0, segment.urgent_pointer) + options + segment.payload
        checksum = transport_checksum(source, destination, PROTOCOL_TCP, bare)
    return pack(_HEAD, _WHAT, *fields, checksum, segment.urgent_pointer) + options + segment.payload
