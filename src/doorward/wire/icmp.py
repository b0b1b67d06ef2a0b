"""ICMP for IPv4: bytes to value and back, and which message quotes a packet of ours; knows no sender.

 0               8               16                             31
+---------------+---------------+-------------------------------+
|     Type      |     Code      |          Checksum             |
+---------------+---------------+-------------------------------+
|  by type: identifier, sequence number | gateway | pointer | MTU |      RFC 792
+---------------------------------------------------------------+
|  by type: data | three timestamps | IP header + first 8 bytes of the packet that failed
+-------------------------------------------------------------- -
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.wire.checksums import internet_checksum
from doorward.wire.fields import pack, unpack

__all__ = [
    "DESTINATION_UNREACHABLE",
    "ECHO_REPLY",
    "ECHO_REQUEST",
    "ERRORS",
    "FRAGMENTATION_NEEDED",
    "PROTOCOL_ICMP",
    "QUERIES",
    "TIMESTAMP_REPLY",
    "TIMESTAMP_REQUEST",
    "TIME_EXCEEDED",
    "Icmp",
    "decode_icmp",
    "encode_icmp",
]

PROTOCOL_ICMP: Final = 1

# RFC 792; IANA, ICMP Type Numbers.
ECHO_REPLY: Final = 0
DESTINATION_UNREACHABLE: Final = 3
ECHO_REQUEST: Final = 8
TIME_EXCEEDED: Final = 11
TIMESTAMP_REQUEST: Final = 13
TIMESTAMP_REPLY: Final = 14
FRAGMENTATION_NEEDED: Final = 4  # a code of type 3; the next hop's MTU stands in the last 16 bits of the second word (RFC 1191 §4)

#: Types that quote the packet they are about: unreachable, source quench, redirect, time exceeded, parameter problem.
ERRORS: Final = (3, 4, 5, 11, 12)
#: Types with an identifier and a sequence number: echo, timestamp, information, address mask (RFC 792, RFC 950).
QUERIES: Final = (0, 8, 13, 14, 15, 16, 17, 18)

_WHAT: Final = "ICMP message"
_HEAD: Final = struct.Struct("!BBHI")


class Icmp(msgspec.Struct, frozen=True, kw_only=True):
    """One message; ``word`` is its second word, ``body`` all behind it. ``checksum`` ``None``: what is right, when it is written."""

    type: int
    code: int = 0
    word: int = 0
    body: bytes = b""
    checksum: int | None = None

    @property
    def identifier(self) -> int | None:
        """Which conversation a query or its reply belongs to."""
        return self.word >> 16 if self.type in QUERIES else None

    @property
    def sequence(self) -> int | None:
        """Which question of a conversation."""
        return self.word & 0xFFFF if self.type in QUERIES else None

    @property
    def mtu(self) -> int | None:
        """The next hop's MTU where fragmentation is needed; 0 from routers older than RFC 1191."""
        return self.word & 0xFFFF if (self.type, self.code) == (DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED) else None

    @property
    def quoted(self) -> bytes | None:
        """The beginning of the packet that an error is about: an IPv4 header and at least 8 bytes."""
        return self.body if self.type in ERRORS else None


def decode_icmp(data: bytes) -> Icmp:
    """Read a message; raises `PeerError` where it has less than 8 bytes."""
    kind, code, checksum, word = unpack(_HEAD, data, _WHAT)
    return Icmp(type=kind, code=code, word=word, body=data[8:], checksum=checksum)


def encode_icmp(message: Icmp) -> bytes:
    """Write a message; raises `CallError` for a field that doesn't fit."""
    checksum = message.checksum
    if checksum is None:
        checksum = internet_checksum(pack(_HEAD, _WHAT, message.type, message.code, 0, message.word) + message.body)
    return pack(_HEAD, _WHAT, message.type, message.code, checksum, message.word) + message.body
