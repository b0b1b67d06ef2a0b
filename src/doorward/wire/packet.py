"""One frame read through all its layers, as single values: the slow, plain second reader beside `frames.decode_frames`."""

from __future__ import annotations

import msgspec

from doorward.values.addresses import Address
from doorward.wire.arp import Arp, decode_arp
from doorward.wire.ethernet import ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, Ethernet, decode_ethernet
from doorward.wire.fields import need, nonsense
from doorward.wire.icmp import PROTOCOL_ICMP, Icmp, decode_icmp
from doorward.wire.icmp import QUERIES as ICMP_QUERIES
from doorward.wire.icmpv6 import PROTOCOL_ICMPV6, Icmpv6, decode_icmpv6
from doorward.wire.icmpv6 import QUERIES as ICMPV6_QUERIES
from doorward.wire.ipv4 import IPv4, decode_ipv4
from doorward.wire.ipv6 import IPv6, decode_ipv6
from doorward.wire.ipv6_extensions import Chain, decode_extensions
from doorward.wire.sctp import PROTOCOL_SCTP, SctpPacket, decode_sctp
from doorward.wire.tcp import PROTOCOL_TCP, Segment, decode_tcp
from doorward.wire.udp import PROTOCOL_UDP, Datagram, decode_udp

__all__ = ["Internet", "Packet", "Quoted", "decode_internet", "decode_packet", "decode_quoted"]

Transport = Segment | Datagram | Icmp | Icmpv6 | SctpPacket


class Internet(msgspec.Struct, frozen=True, kw_only=True):
    """An IPv4 or IPv6 packet down to its upper protocol, whose bytes are ``payload``."""

    header: IPv4 | IPv6
    chain: Chain | None  #: of IPv6
    protocol: int
    payload: bytes
    is_later_fragment: bool

    @property
    def source(self) -> Address:
        """Who sent it."""
        return self.header.source

    @property
    def destination(self) -> Address:
        """To whom."""
        return self.header.destination


class Packet(msgspec.Struct, frozen=True, kw_only=True):
    """What one frame holds; ``None`` for layers that aren't there, aren't known, or belong to another fragment."""

    ethernet: Ethernet | None = None
    arp: Arp | None = None
    internet: Internet | None = None
    transport: Transport | None = None


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """The beginning of a packet, quoted in an ICMP error; ``head`` are the first 8 bytes of its transport (RFC 792), or none."""

    internet: Internet
    head: bytes

    @property
    def ports(self) -> tuple[int, int] | None:
        """Source and destination port."""
        if not self.head or self.internet.protocol not in (PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_SCTP):
            return None
        return int.from_bytes(self.head[:2], "big"), int.from_bytes(self.head[2:4], "big")

    @property
    def sequence(self) -> int | None:
        """TCP's sequence number, SCTP's verification tag."""
        if not self.head or self.internet.protocol not in (PROTOCOL_TCP, PROTOCOL_SCTP):
            return None
        return int.from_bytes(self.head[4:8], "big")

    @property
    def icmp_type(self) -> int | None:
        """The type of a quoted ICMP or ICMPv6 message."""
        own = PROTOCOL_ICMP if isinstance(self.internet.header, IPv4) else PROTOCOL_ICMPV6
        return self.head[0] if self.head and self.internet.protocol == own else None

    @property
    def icmp_query(self) -> tuple[int, int] | None:
        """Identifier and sequence number of a quoted ICMP query."""
        queries = ICMP_QUERIES if isinstance(self.internet.header, IPv4) else ICMPV6_QUERIES
        if self.icmp_type is None or self.icmp_type not in queries:
            return None
        return int.from_bytes(self.head[4:6], "big"), int.from_bytes(self.head[6:8], "big")


def decode_packet(data: bytes, *, raw: bool = False) -> Packet:
    """Read a frame, or with ``raw`` an IP packet; raises `PeerError` where a layer is cut short or contradicts itself."""
    if raw:
        internet = decode_internet(data)
        return Packet(internet=internet, transport=_transport(internet))
    ethernet = decode_ethernet(data)
    if ethernet.ethertype == ETHERTYPE_ARP:
        return Packet(ethernet=ethernet, arp=decode_arp(ethernet.payload))
    if ethernet.ethertype not in (ETHERTYPE_IPV4, ETHERTYPE_IPV6):
        return Packet(ethernet=ethernet)
    internet = decode_internet(ethernet.payload, version=4 if ethernet.ethertype == ETHERTYPE_IPV4 else 6)
    return Packet(ethernet=ethernet, internet=internet, transport=_transport(internet))


def decode_internet(data: bytes, *, version: int | None = None) -> Internet:
    """Read an IP packet of the given version, or of the one that it names itself; raises `PeerError`."""
    need(data, 1, "IP header")
    version = data[0] >> 4 if version is None else version
    if version == 4:
        header = decode_ipv4(data)
        later = header.is_later_fragment
        return Internet(header=header, chain=None, protocol=header.protocol, payload=header.payload, is_later_fragment=later)
    if version == 6:
        header6 = decode_ipv6(data)
        chain = decode_extensions(header6.next_header, header6.payload)
        later = chain.is_later_fragment
        return Internet(header=header6, chain=chain, protocol=chain.protocol, payload=chain.payload, is_later_fragment=later)
    raise nonsense("IP header", f"its version is {version}")


def decode_quoted(message: Icmp | Icmpv6) -> Quoted | None:
    """Read the packet that an ICMP error is about, ``None`` for other messages; raises `PeerError` where it is cut too short."""
    if message.quoted is None:
        return None
    internet = decode_internet(message.quoted, version=4 if isinstance(message, Icmp) else 6)
    readable = internet.protocol in (PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_SCTP, _own_icmp(internet)) and not internet.is_later_fragment
    if not readable:
        return Quoted(internet=internet, head=b"")
    need(internet.payload, 8, "packet quoted in an ICMP error")
    return Quoted(internet=internet, head=internet.payload[:8])


def _own_icmp(internet: Internet) -> int:
    return PROTOCOL_ICMP if isinstance(internet.header, IPv4) else PROTOCOL_ICMPV6


def _transport(internet: Internet) -> Transport | None:
    if internet.is_later_fragment:
        return None
    match internet.protocol:
        case 6:
            return decode_tcp(internet.payload)
        case 17:
            return decode_udp(internet.payload)
        case 132:
            return decode_sctp(internet.payload)
        case protocol if protocol == _own_icmp(internet):
            return decode_icmp(internet.payload) if protocol == PROTOCOL_ICMP else decode_icmpv6(internet.payload)
    return None
