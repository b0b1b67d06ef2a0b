from __future__ import annotations

import msgspec

from doorward.values.addresses import Address
from doorward.wire.frames import Decoded, LinkType, decode_frames
from doorward.wire.icmp import Icmp, encode_icmp
from doorward.wire.icmpv6 import Icmpv6, encode_icmpv6
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.ipv6 import IPv6, encode_ipv6
from doorward.wire.ipv6_extensions import OptionsHeader, encode_extensions
from doorward.wire.neighbour_discovery import (
    NdOption,
    NeighbourAdvertisement,
    NeighbourMessage,
    NeighbourSolicitation,
    RouterAdvertisement,
    encode_nd,
)
from doorward.wire.sctp import SctpPacket, encode_sctp
from doorward.wire.tcp import Segment, encode_tcp
from doorward.wire.udp import Datagram, encode_udp
from wire_batches import batch, mapped

US, THEM, ROUTER = Address.parse("192.0.2.1"), Address.parse("198.51.100.9"), Address.parse("203.0.113.1")
US6, THEM6 = Address.parse("2001:db8::1"), Address.parse("2001:db8:1::9")
MAC = b"\2\0\0\0\0\1"


def decoded(packets: list[bytes]) -> Decoded:
    return decode_frames(batch(packets), LinkType.RAW, verify=True)


def ours(protocol: int, payload: bytes, fragment_offset: int = 0) -> bytes:
    return encode_ipv4(
        IPv4(source=US, destination=THEM, protocol=protocol, payload=payload, ttl=1, identification=0xBEEF, fragment_offset=fragment_offset)
    )


def error(quoted: bytes, **more: int) -> bytes:
    message = msgspec.structs.replace(Icmp(type=11, body=quoted), **more)
    return encode_ipv4(IPv4(source=ROUTER, destination=US, protocol=1, payload=encode_icmp(message)))


def six(message: Icmpv6) -> bytes:
    payload = encode_icmpv6(message, THEM6, US6)
    return encode_ipv6(IPv6(source=THEM6, destination=US6, next_header=58, payload=payload, hop_limit=255))


def test_the_quoted_packet_is_ours() -> None:
    tcp = ours(6, encode_tcp(Segment(source_port=40000, destination_port=443, sequence=0xC00C1E00), US, THEM))
    udp = ours(17, encode_udp(Datagram(source_port=40001, destination_port=53), US, THEM))
    echo = ours(1, encode_icmp(Icmp(type=8, word=0x00AA0007)))
    sctp = ours(132, encode_sctp(SctpPacket(source_port=5, destination_port=6, verification_tag=0xFEED)))
    found = decoded([error(quoted[:28]) for quoted in (tcp, udp, echo, sctp)])
    assert found.quoted_family.tolist() == [4] * 4
    assert found.quoted_protocol.tolist() == [6, 17, 1, 132]
    assert found.quoted_source_port.tolist() == [40000, 40001, 0, 5]
    assert found.quoted_destination_port.tolist() == [443, 53, 0, 6]
    assert found.quoted_sequence.tolist() == [0xC00C1E00, 0, 0, 0xFEED]
    assert found.quoted_icmp_type.tolist() == [-1, -1, 8, -1]
    assert found.quoted_icmp_id.tolist() == [0, 0, 0xAA, 0]
    assert found.quoted_icmp_sequence.tolist() == [0, 0, 7, 0]
    assert found.quoted_ttl.tolist() == [1] * 4
    assert found.quoted_ip_id.tolist() == [0xBEEF] * 4
    assert {row.tobytes() for row in found.quoted_destination} == {mapped(THEM)}
    assert {row.tobytes() for row in found.source} == {mapped(ROUTER)}
    assert not found.truncated.any()
    assert not found.bad_checksum.any()


def test_a_quote_cut_too_short_is_told_as_far_as_it_goes() -> None:
    tcp = ours(6, encode_tcp(Segment(source_port=40000, destination_port=443), US, THEM))
    found = decoded([error(tcp[:27]), error(tcp[:19]), error(b""), error(b"\x75" + tcp[1:]), error(ours(6, tcp, fragment_offset=8))])
    assert found.icmp_type.tolist() == [11] * 5
    assert found.truncated.tolist() == [True, True, True, False, False]
    assert found.malformed.tolist() == [False, False, False, True, False]
    assert found.quoted_family.tolist() == [4, 0, 0, 0, 4]
    assert not found.quoted_source_port.any()


def test_a_quoted_ipv6_packet_behind_extension_headers() -> None:
    first, data = encode_extensions((OptionsHeader(kind=0),), 17)
    payload = data + encode_udp(Datagram(source_port=1, destination_port=2), US6, THEM6)
    quoted = encode_ipv6(IPv6(source=US6, destination=THEM6, next_header=first, payload=payload))
    found = decoded([six(Icmpv6(type=1, code=4, body=quoted)), six(Icmpv6(type=2, word=70000, body=quoted[:45]))])
    assert found.quoted_destination_port.tolist() == [2, 0]
    assert found.quoted_family.tolist() == [6, 6]
    assert found.icmp_mtu.tolist() == [0, 70000]
    assert found.truncated.tolist() == [False, True]


def test_queries_and_the_mtu() -> None:
    found = decoded(
        [error(b"", type=8, word=0x00010002), error(b"", type=13, word=0x00030004), error(bytes(28), code=4, type=3, word=1400)]
    )
    assert found.icmp_id.tolist() == [1, 3, 0]
    assert found.icmp_sequence.tolist() == [2, 4, 0]
    assert found.icmp_mtu.tolist() == [0, 0, 1400]


def test_neighbours() -> None:
    own, theirs = NdOption(1, MAC), NdOption(2, MAC[::-1])
    messages: list[NeighbourMessage] = [
        NeighbourSolicitation(target=US6, options=(own,)),
        NeighbourAdvertisement(target=THEM6, solicited=True, router=True, options=(own, theirs)),
        RouterAdvertisement(options=(NdOption(5, bytes(6)), NdOption(3, bytes(30)), own)),
        NeighbourAdvertisement(target=THEM6),
    ]
    frames = [six(encode_nd(message)) for message in messages]
    found = decoded([*frames, six(Icmpv6(type=135, body=bytes(15))), six(Icmpv6(type=133, body=b"\1\0" + bytes(6)))])
    assert found.icmp_type.tolist() == [135, 136, 134, 136, 135, 133]
    assert found.nd_target[0].tobytes() == US6.packed
    assert found.nd_target[1].tobytes() == THEM6.packed
    assert not found.nd_target[[2, 4, 5]].any()
    assert [row.tobytes() for row in found.nd_mac] == [MAC, MAC[::-1], MAC, bytes(6), bytes(6), bytes(6)]
    assert found.nd_flags.tolist() == [0, 6, 0, 0, 0, 0]
    assert found.malformed.tolist() == [False, False, False, False, True, False]
