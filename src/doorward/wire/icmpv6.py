"""ICMP for IPv6: bytes to value and back; the neighbour messages inside it are `neighbour_discovery`.

 0               8               16                             31
+---------------+---------------+-------------------------------+
|     Type      |     Code      |   Checksum (pseudo-header!)   |
+---------------+---------------+-------------------------------+
|      by type: identifier, sequence number | MTU | pointer     |      RFC 4443 §2.1
+---------------------------------------------------------------+
|  by type: data | as much of the packet that failed as fits into 1,280 bytes
+-------------------------------------------------------------- -
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.checksums import transport_checksum
from doorward.wire.fields import pack, unpack

__all__ = [
    "ECHO_REPLY",
    "ECHO_REQUEST",
    "ERRORS",
    "PACKET_TOO_BIG",
    "PROTOCOL_ICMPV6",
    "QUERIES",
    "Icmpv6",
    "decode_icmpv6",
    "encode_icmpv6",
]

PROTOCOL_ICMPV6: Final = 58

# RFC 4443 §3 and §4; IANA, ICMPv6 Parameters.
PACKET_TOO_BIG: Final = 2
ECHO_REQUEST: Final = 128
ECHO_REPLY: Final = 129

#: Types that quote the packet they are about: unreachable, too big, time exceeded, parameter problem.
ERRORS: Final = (1, 2, 3, 4)
#: Types with an identifier and a sequence number.
QUERIES: Final = (ECHO_REQUEST, ECHO_REPLY)

_WHAT: Final = "ICMPv6 message"
_HEAD: Final = struct.Struct("!BBHI")


class Icmpv6(msgspec.Struct, frozen=True, kw_only=True):
    """One message; ``word`` is its second word, ``body`` all behind it. ``checksum`` ``None``: what is right, when it is written."""

    type: int
    code: int = 0
    word: int = 0
    body: bytes = b""
    checksum: int | None = None

    @property
    def identifier(self) -> int | None:
        """Which conversation an echo belongs to."""
        return self.word >> 16 if self.type in QUERIES else None

    @property
    def sequence(self) -> int | None:
        """Which question of a conversation."""
        return self.word & 0xFFFF if self.type in QUERIES else None

    @property
    def mtu(self) -> int | None:
        """The next hop's MTU where a packet was too big."""
        return self.word if self.type == PACKET_TOO_BIG else None

    @property
    def quoted(self) -> bytes | None:
        """The beginning of the packet that an error is about."""
        return self.body if self.type in ERRORS else None


def decode_icmpv6(data: bytes) -> Icmpv6:
    """Read a message; raises `PeerError` where it has less than 8 bytes."""
    kind, code, checksum, word = unpack(_HEAD, data, _WHAT)
    return Icmpv6(type=kind, code=code, word=word, body=data[8:], checksum=checksum)


def encode_icmpv6(message: Icmpv6, source: Address | None = None, destination: Address | None = None) -> bytes:
    """Write a message; the addresses are needed where its checksum is to be made. Raises `CallError`."""
    checksum = message.checksum
    if checksum is None:
        if source is None or destination is None:
            raise CallError(f"write the {_WHAT}", why="its checksum needs both addresses")
        bare = pack(_HEAD, _WHAT, message.type, message.code, 0, message.word) + message.body
        checksum = transport_checksum(source, destination, PROTOCOL_ICMPV6, bare)
    return pack(_HEAD, _WHAT, message.type, message.code, checksum, message.word) + message.body
