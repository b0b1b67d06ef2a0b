from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.frames import Frames, LinkType, decode_frames
from doorward.wire.icmp import Icmp, encode_icmp
from doorward.wire.icmpv6 import Icmpv6, encode_icmpv6
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.ipv6 import IPv6, encode_ipv6
from doorward.wire.packet import decode_packet
from doorward.wire.sctp import SctpPacket, encode_sctp
from doorward.wire.sctp_chunks import INIT, InitChunk
from doorward.wire.tcp import Segment, TcpFlags, encode_tcp
from doorward.wire.tcp_options import linux_syn_options
from doorward.wire.templates import (
    Envelope,
    Template,
    arp_request_template,
    icmp_echo_template,
    icmp_timestamp_template,
    neighbour_solicitation_template,
    sctp_init_template,
    tcp_template,
    udp_template,
)
from doorward.wire.udp import Datagram, encode_udp
from wire_batches import mapped

US, THEM = Address.parse("192.0.2.1"), Address.parse("198.51.100.9")
US6, THEM6 = Address.parse("2001:db8::1"), Address.parse("2001:db8:1::9")
MAC, THEIRS = b"\2\0\0\0\0\1", b"\2\0\0\0\0\2"
ROWS = 40


def envelope(family: int, link: LinkType = LinkType.ETHERNET, *vlans: int) -> Envelope:
    source, destination = (US, THEM) if family == 4 else (US6, THEM6)
    return Envelope(source=source, destination=destination, source_mac=MAC, destination_mac=THEIRS, link=link, vlans=vlans)


class Values:
    """Random values for every field, one per row."""

    def __init__(self, seed: int = 1) -> None:
        random = np.random.default_rng(seed)
        self.ports, self.sources, self.ids = (random.integers(0, 65536, ROWS) for _ in range(3))
        self.sequences, self.acknowledgments, self.timestamps = (random.integers(0, 2**32, ROWS) for _ in range(3))
        self.ttls = random.integers(1, 256, ROWS)
        self.v4, self.v6 = (random.integers(0, 256, (ROWS, width)).astype(np.uint8) for width in (4, 16))

    def destination(self, family: int, row: int) -> Address:
        return Address((self.v4 if family == 4 else self.v6)[row].tobytes())


Made = Callable[[int, Values, int], bytes]


def tcp(family: int, values: Values, row: int) -> bytes:
    options = list(linux_syn_options(1460 if family == 4 else 1440, timestamp=int(values.timestamps[row])))
    segment = Segment(
        source_port=int(values.sources[row]),
        destination_port=int(values.ports[row]),
        sequence=int(values.sequences[row]),
        acknowledgment=int(values.acknowledgments[row]),
        flags=TcpFlags.SYN,
        window=64240,
        options=tuple(options),
    )
    return encode_tcp(segment, US if family == 4 else US6, values.destination(family, row))


def udp(family: int, values: Values, row: int) -> bytes:
    payload = b"x" + int(values.sequences[row]).to_bytes(4, "big") + b"rest"
    datagram = Datagram(source_port=int(values.sources[row]), destination_port=int(values.ports[row]), payload=payload)
    return encode_udp(datagram, US if family == 4 else US6, values.destination(family, row))


def echo(family: int, values: Values, row: int) -> bytes:
    word = int(values.sources[row]) << 16 | int(values.sequences[row]) & 0xFFFF
    if family == 4:
        return encode_icmp(Icmp(type=8, word=word, body=b"body"))
    return encode_icmpv6(Icmpv6(type=128, word=word, body=b"body"), US6, values.destination(6, row))


def sctp(family: int, values: Values, row: int) -> bytes:
    chunk = InitChunk(
        kind=INIT, initiate_tag=int(values.sequences[row]), window=106496, outbound_streams=10, inbound_streams=65535, initial_tsn=1
    )
    packet = SctpPacket(source_port=int(values.sources[row]), destination_port=int(values.ports[row]), verification_tag=0, chunks=(chunk,))
    return encode_sctp(packet)


KINDS: dict[str, tuple[int, Callable[[Envelope], Template], Made, tuple[str, ...]]] = {
    "tcp": (6, tcp_template, tcp, ("ports", "acknowledgments", "timestamps")),
    "udp": (17, lambda around: udp_template(around, b"x" + bytes(4) + b"rest", cookie_offset=1, cookie_size=4), udp, ("ports",)),
    "echo": (0, lambda around: icmp_echo_template(around, b"body"), echo, ()),
    "sctp": (132, sctp_init_template, sctp, ("ports",)),
}


@pytest.mark.parametrize("link", [LinkType.ETHERNET, LinkType.RAW])
@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_row_is_what_the_single_encoders_write(kind: str, family: int, link: LinkType) -> None:
    protocol, make, single, more = KINDS[kind]
    values = Values()
    around = envelope(family, link)
    template = make(around)
    ring = np.full((ROWS, 256), 0x33, np.uint8)
    out = ring[:, 16:200]
    lengths = template.stamp(
        out,
        destinations=values.v4 if family == 4 else values.v6,
        source_ports=values.sources,
        sequences=values.sequences,
        hop_limits=values.ttls,
        ip_ids=values.ids if family == 4 else None,
        destination_ports=values.ports if "ports" in more else None,
        acknowledgments=values.acknowledgments if "acknowledgments" in more else None,
        timestamps=values.timestamps if "timestamps" in more else None,
    )
    protocol = protocol or (1 if family == 4 else 58)
    for row in range(ROWS):
        payload, there, ttl = single(family, values, row), values.destination(family, row), int(values.ttls[row])
        if family == 4:
            number = int(values.ids[row])
            packet = encode_ipv4(
                IPv4(source=US, destination=there, protocol=protocol, ttl=ttl, identification=number, dont_fragment=True, payload=payload)
            )
        else:
            packet = encode_ipv6(IPv6(source=US6, destination=there, next_header=protocol, hop_limit=ttl, payload=payload))
        assert out[row, : lengths[row]].tobytes() == around.wrap(0x0800 if family == 4 else 0x86DD, packet)
    assert (ring[:, :16] == 0x33).all()
    assert (ring[:, 16 + template.length :] == 0x33).all()


def test_what_is_stamped_is_decoded_with_right_checksums() -> None:
    values = Values(2)
    for family in (4, 6):
        around = envelope(family, LinkType.ETHERNET, 100, 200)
        for flags in (TcpFlags.ACK, TcpFlags.FIN, TcpFlags(0), TcpFlags.FIN | TcpFlags.PSH | TcpFlags.URG):
            out = np.zeros((ROWS, 128), np.uint8)
            lengths = tcp_template(around, flags=flags, window=1024).stamp(
                out, destinations=values.v4 if family == 4 else values.v6, destination_ports=values.ports, sequences=values.sequences
            )
            found = decode_frames(Frames(out, lengths, np.zeros(ROWS, np.int64)), verify=True)
            assert not (found.bad_checksum | found.truncated | found.malformed).any()
            assert found.destination_port.tolist() == values.ports.tolist()
            assert found.sequence.tolist() == values.sequences.tolist()
            assert set(found.tcp_flags.tolist()) == {int(flags)}
            assert set(found.inner_vlan.tolist()) == {200}
            assert not found.tcp_options.any()


def test_the_template_alone_goes_to_the_envelopes_destination() -> None:
    for family, there in ((4, THEM), (6, THEM6)):
        out = np.zeros((1, 128), np.uint8)
        lengths = tcp_template(envelope(family)).stamp(out)
        found = decode_frames(Frames(out, lengths, np.zeros(1, np.int64)), verify=True)
        assert found.destination[0].tobytes() == mapped(there)
        assert found.source_mac[0].tobytes() == MAC
        assert not found.bad_checksum.any()
        assert (int(found.mss[0]), int(found.window_scale[0]), bool(found.sack_permitted[0])) == (1460 if family == 4 else 1440, 7, True)


def test_an_icmp_timestamp_request() -> None:
    out = np.zeros((2, 64), np.uint8)
    icmp_timestamp_template(envelope(4)).stamp(out, source_ports=7, sequences=np.array([1, 2]))
    packet = decode_packet(out[1, :54].tobytes())
    assert isinstance(packet.transport, Icmp)
    assert (packet.transport.type, packet.transport.identifier, packet.transport.sequence) == (13, 7, 2)
    assert out[1, 34:54].tobytes() == encode_icmp(Icmp(type=13, word=7 << 16 | 2, body=bytes(12)))
    with pytest.raises(CallError, match="none for IPv6"):
        icmp_timestamp_template(envelope(6))


def test_an_arp_request_asks_for_each() -> None:
    values = Values(3)
    out = np.zeros((ROWS, 60), np.uint8)
    lengths = arp_request_template(envelope(4)).stamp(out, destinations=values.v4)
    found = decode_frames(Frames(out, lengths, np.zeros(ROWS, np.int64)))
    assert np.array_equal(found.arp_target, values.v4)
    assert {row.tobytes() for row in found.arp_sender} == {US.packed}
    assert {row.tobytes() for row in found.destination_mac} == {b"\xff" * 6}
    assert set(found.arp_operation.tolist()) == {1}


def test_a_solicitation_goes_to_each_ones_group() -> None:
    values = Values(4)
    out = np.zeros((ROWS, 128), np.uint8)
    lengths = neighbour_solicitation_template(envelope(6)).stamp(out, destinations=values.v6)
    found = decode_frames(Frames(out, lengths, np.zeros(ROWS, np.int64)), verify=True)
    assert not (found.bad_checksum | found.truncated | found.malformed).any()
    assert np.array_equal(found.nd_target, values.v6)
    for row in range(ROWS):
        tail = values.v6[row, 13:].tobytes()
        assert found.destination[row].tobytes() == Address.parse("ff02::1:ff00:0").packed[:13] + tail
        assert found.destination_mac[row].tobytes() == b"\x33\x33\xff" + tail
    assert {row.tobytes() for row in found.nd_mac} == {MAC}
    assert set(found.ttl.tolist()) == {255}
    macs = np.full((ROWS, 6), 9, np.uint8)
    neighbour_solicitation_template(envelope(6)).stamp(out, destinations=values.v6, destination_macs=macs)
    assert (out[:, :6] == 9).all()


def test_faults_of_the_caller() -> None:
    mixed = Envelope(source=US, destination=THEM6)
    raw = envelope(4, LinkType.RAW)
    for wrong in (
        lambda: tcp_template(mixed),
        lambda: arp_request_template(raw),
        lambda: arp_request_template(envelope(6)),
        lambda: neighbour_solicitation_template(envelope(4)),
        lambda: udp_template(envelope(4), b"abc", cookie_offset=2),
        lambda: udp_template(envelope(4), b"abc", cookie_offset=0, cookie_size=3),
        lambda: tcp_template(raw).stamp(np.zeros((1, 64), np.uint8), destination_macs=np.zeros((1, 6), np.uint8)),
        lambda: udp_template(raw).stamp(np.zeros((1, 64), np.uint8), sequences=1),
    ):
        with pytest.raises(CallError):
            wrong()
