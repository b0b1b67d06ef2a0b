from __future__ import annotations

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.values.addresses import Address
from doorward.wire.arp import Arp, arp_request, encode_arp
from doorward.wire.ethernet import Ethernet, VlanTag, encode_ethernet
from doorward.wire.icmp import Icmp, encode_icmp
from doorward.wire.icmpv6 import Icmpv6, encode_icmpv6
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.ipv6 import IPv6, encode_ipv6
from doorward.wire.ipv6_extensions import Fragment, OptionsHeader, encode_extensions
from doorward.wire.packet import decode_internet, decode_packet, decode_quoted
from doorward.wire.tcp import Segment, encode_tcp
from doorward.wire.udp import Datagram, encode_udp
from wire_values import any_frames, ip_packets, patient

A, B = Address.parse("192.0.2.1"), Address.parse("192.0.2.2")
A6, B6 = Address.parse("2001:db8::1"), Address.parse("2001:db8::2")
SEGMENT = encode_tcp(Segment(source_port=1, destination_port=2, sequence=0x01020304), A, B)


def framed(ethertype: int, payload: bytes) -> bytes:
    return encode_ethernet(Ethernet(destination=bytes(6), source=bytes(6), ethertype=ethertype, vlans=(VlanTag(5),), payload=payload))


def test_all_layers_of_a_frame() -> None:
    packet = decode_packet(framed(0x0800, encode_ipv4(IPv4(source=A, destination=B, protocol=6, payload=SEGMENT))) + bytes(6))
    assert packet.ethernet is not None
    assert packet.internet is not None
    assert (packet.internet.source, packet.internet.destination, packet.internet.protocol) == (A, B, 6)
    assert isinstance(packet.transport, Segment)
    assert packet.transport.payload == b""


def test_extension_headers_stand_between() -> None:
    first, data = encode_extensions((OptionsHeader(kind=0), Fragment(offset=0, more=True, identification=9)), 17)
    datagram = encode_udp(Datagram(source_port=5, destination_port=6), A6, B6)
    packet = decode_packet(encode_ipv6(IPv6(source=A6, destination=B6, next_header=first, payload=data + datagram)), raw=True)
    assert isinstance(packet.transport, Datagram)
    assert packet.internet is not None
    assert packet.internet.chain is not None
    assert packet.internet.chain.fragment is not None


def test_arp_and_what_nobody_knows() -> None:
    assert isinstance(decode_packet(framed(0x0806, encode_arp(arp_request(bytes(6), A, B)))).arp, Arp)
    other = decode_packet(framed(0x88CC, b"lldp"))
    assert (other.arp, other.internet, other.transport) == (None, None, None)
    unknown = decode_packet(framed(0x0800, encode_ipv4(IPv4(source=A, destination=B, protocol=47, payload=b"gre"))))
    assert unknown.internet is not None
    assert (unknown.internet.payload, unknown.transport) == (b"gre", None)


def test_icmp_belongs_to_its_own_family() -> None:
    crossed = encode_ipv6(IPv6(source=A6, destination=B6, next_header=1, payload=bytes(8)))
    assert decode_packet(crossed, raw=True).transport is None


def test_a_later_fragment_has_no_transport() -> None:
    packet = decode_packet(encode_ipv4(IPv4(source=A, destination=B, protocol=6, fragment_offset=8, payload=b"middle")), raw=True)
    assert packet.transport is None
    assert packet.internet is not None
    assert packet.internet.payload == b"middle"


def test_the_packet_quoted_in_an_error() -> None:
    quoted = encode_ipv4(IPv4(source=B, destination=A, protocol=6, payload=SEGMENT, ttl=1))[:28]
    message = decode_quoted(Icmp(type=11, body=quoted))
    assert message is not None
    assert (message.ports, message.sequence, message.icmp_type, message.icmp_query) == ((1, 2), 0x01020304, None, None)
    echo = encode_ipv6(IPv6(source=A6, destination=B6, next_header=58, payload=encode_icmpv6(Icmpv6(type=128, word=0x00070009), A6, B6)))
    message = decode_quoted(Icmpv6(type=1, body=echo))
    assert message is not None
    assert (message.ports, message.sequence, message.icmp_type, message.icmp_query) == (None, None, 128, (7, 9))
    assert decode_quoted(Icmp(type=8, body=quoted)) is None
    unreachable = encode_ipv4(IPv4(source=B, destination=A, protocol=1, payload=encode_icmp(Icmp(type=3))))
    message = decode_quoted(Icmp(type=3, body=unreachable))
    assert message is not None
    assert (message.icmp_type, message.icmp_query) == (3, None)
    with pytest.raises(PeerError, match="7 of 8"):
        decode_quoted(Icmp(type=11, body=quoted[:27]))


@patient
@given(ip_packets())
def test_an_ip_packet_names_its_own_version(data: bytes) -> None:
    try:
        assert decode_internet(data).source.family == data[0] >> 4
    except PeerError:
        reject()  # its payload, which is none, was announced as extension headers
    with pytest.raises(PeerError, match="version is 9"):
        decode_internet(b"\x95" + data[1:])


@patient
@given(any_frames, st.booleans())
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes, raw: bool) -> None:
    try:
        packet = decode_packet(data, raw=raw)
        if isinstance(packet.transport, Icmp | Icmpv6):
            decode_quoted(packet.transport)
    except PeerError:
        return
