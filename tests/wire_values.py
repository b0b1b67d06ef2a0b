"""Hypothesis strategies for the values of the room ``wire``, and for frames: whole ones, damaged ones, and any bytes."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from doorward.values.addresses import Address
from doorward.wire import ipv6_extensions as ext
from doorward.wire.ethernet import Ethernet, VlanTag, encode_ethernet
from doorward.wire.icmp import Icmp, encode_icmp
from doorward.wire.icmpv6 import Icmpv6, encode_icmpv6
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.ipv6 import IPv6, encode_ipv6
from doorward.wire.neighbour_discovery import (
    NdOption,
    NeighbourAdvertisement,
    NeighbourSolicitation,
    Redirect,
    RouterAdvertisement,
    RouterSolicitation,
    encode_nd,
)
from doorward.wire.options import Option
from doorward.wire.sctp import SctpPacket, encode_sctp
from doorward.wire.sctp_chunks import CausesChunk, InitChunk, OtherChunk, Parameter, SctpChunk
from doorward.wire.tcp import Segment, TcpFlags, encode_tcp
from doorward.wire.udp import Datagram, encode_udp

#: For machines under load: what takes long there is not wrong.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

byte = st.integers(0, 0xFF)
half = st.integers(0, 0xFFFF)
word = st.integers(0, 0xFFFFFFFF)
macs = st.binary(min_size=6, max_size=6)
payloads = st.binary(max_size=40)
v4 = st.binary(min_size=4, max_size=4).map(Address)
v6 = st.binary(min_size=16, max_size=16).map(Address)

tags = st.builds(
    VlanTag,
    number=st.integers(0, 4095),
    priority=st.integers(0, 7),
    drop_eligible=st.booleans(),
    protocol=st.sampled_from([0x8100, 0x88A8]),
)


def filled(options: list[Option]) -> tuple[Option, ...]:
    """Fill options with no-operations to whole words, as senders do."""
    kept: list[Option] = []
    size = 0
    for option in options:
        more = 1 if option.kind < 2 else 2 + len(option.value)
        if size + more <= 40:
            kept.append(option)
            size += more
    return (*kept, *[Option(1)] * (-size % 4))


_known = st.sampled_from(
    [Option(2, b"\x05\xb4"), Option(3, b"\x07"), Option(4), Option(8, bytes(range(8))), Option(1), Option(5, bytes(8))]
)
_any_option = st.builds(Option, kind=st.integers(2, 255), value=st.binary(max_size=10))
option_lists = st.lists(st.one_of(_known, _known, _any_option), max_size=7).map(filled)

segments = st.builds(
    Segment,
    source_port=half,
    destination_port=half,
    sequence=word,
    acknowledgment=word,
    flags=st.integers(0, 0x1FF).map(TcpFlags),
    window=half,
    urgent_pointer=half,
    options=option_lists,
    payload=payloads,
    reserved=st.integers(0, 7),
)
datagrams = st.builds(Datagram, source_port=half, destination_port=half, payload=payloads)
icmps = st.builds(Icmp, type=st.one_of(byte, st.sampled_from([0, 3, 8, 13])), code=byte, word=word, body=payloads)
icmpv6s = st.builds(Icmpv6, type=st.one_of(byte, st.sampled_from([1, 2, 128, 129])), code=byte, word=word, body=payloads)

parameters = st.lists(st.builds(Parameter, kind=half, value=st.binary(max_size=9)), max_size=3).map(tuple)
chunks: st.SearchStrategy[SctpChunk] = st.one_of(
    st.builds(
        InitChunk,
        kind=st.sampled_from([1, 2]),
        initiate_tag=word,
        window=word,
        outbound_streams=half,
        inbound_streams=half,
        initial_tsn=word,
        parameters=parameters,
        flags=byte,
    ),
    st.builds(CausesChunk, kind=st.sampled_from([6, 9]), causes=parameters, flags=byte),
    st.builds(OtherChunk, kind=st.sampled_from([0, 3, 10, 11, 14, 200]), value=st.binary(max_size=9), flags=byte),
)
sctp_packets = st.builds(
    SctpPacket, source_port=half, destination_port=half, verification_tag=word, chunks=st.lists(chunks, max_size=3).map(tuple)
)

nd_options = st.lists(
    st.builds(
        NdOption,
        kind=st.sampled_from([1, 2, 3, 5, 25, 200]),
        value=st.sampled_from([6, 14, 30]).flatmap(lambda n: st.binary(min_size=n, max_size=n)),
    ),
    max_size=3,
).map(tuple)
neighbour_messages = st.one_of(
    st.builds(RouterSolicitation, options=nd_options, reserved=word),
    st.builds(
        RouterAdvertisement,
        hop_limit=byte,
        managed=st.booleans(),
        other=st.booleans(),
        lifetime_s=half,
        reachable_ms=word,
        retransmit_ms=word,
        options=nd_options,
        reserved=st.integers(0, 0x3F),
    ),
    st.builds(NeighbourSolicitation, target=v6, options=nd_options, reserved=word),
    st.builds(
        NeighbourAdvertisement,
        target=v6,
        router=st.booleans(),
        solicited=st.booleans(),
        override=st.booleans(),
        options=nd_options,
        reserved=st.integers(0, 0x1FFFFFFF),
    ),
    st.builds(Redirect, target=v6, destination=v6, options=nd_options, reserved=word),
)

_eights = st.sampled_from([6, 14, 22]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
extensions: st.SearchStrategy[ext.Extension] = st.one_of(
    st.builds(ext.OptionsHeader, kind=st.sampled_from([0, 60]), options=st.just((Option(5, b"\0\0"), Option(1, b"")))),
    st.builds(
        ext.Routing, type=byte, segments_left=byte, data=st.sampled_from([4, 20]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
    ),
    st.builds(
        ext.Fragment, offset=st.sampled_from([0, 0, 8, 1480]), more=st.booleans(), identification=word, reserved=st.integers(0, 0x3FF)
    ),
    st.builds(
        ext.Authentication,
        parameters_index=word,
        sequence=word,
        check=st.sampled_from([4, 12]).flatmap(lambda n: st.binary(min_size=n, max_size=n)),
        reserved=half,
    ),
    st.builds(ext.OtherExtension, kind=st.sampled_from([135, 139, 140]), content=_eights),
)


@st.composite
def transports(draw: st.DrawFn, source: Address, destination: Address, *, errors: bool = True) -> tuple[int, bytes]:
    """Draw an upper protocol's number and bytes, with the right checksum."""
    kind = draw(st.sampled_from(["tcp", "tcp", "udp", "sctp", "icmp", "icmp", "error", "other"]))
    if kind == "tcp":
        return 6, encode_tcp(draw(segments), source, destination)
    if kind == "udp":
        return 17, encode_udp(draw(datagrams), source, destination)
    if kind == "sctp":
        return 132, encode_sctp(draw(sctp_packets))
    if kind == "other":
        return draw(byte), draw(payloads)
    quoting = kind == "error" and errors
    if source.family == 4:
        message = draw(icmps)
        if quoting:
            quoted = draw(ip_packets(4, errors=False))[: draw(st.integers(20, 90))]
            message = Icmp(type=draw(st.sampled_from([3, 4, 5, 11, 12])), code=draw(st.integers(0, 15)), word=draw(word), body=quoted)
        return 1, encode_icmp(message)
    message6 = draw(icmpv6s) if draw(st.booleans()) else encode_nd(draw(neighbour_messages))
    if quoting:
        quoted = draw(ip_packets(6, errors=False))[: draw(st.integers(40, 140))]
        message6 = Icmpv6(type=draw(st.sampled_from([1, 2, 3, 4])), code=draw(st.integers(0, 6)), word=draw(word), body=quoted)
    return 58, encode_icmpv6(message6, source, destination)


@st.composite
def ip_packets(draw: st.DrawFn, family: int | None = None, *, errors: bool = True) -> bytes:
    """Draw an IP packet with something in it."""
    family = family or draw(st.sampled_from([4, 6]))
    ends = v4 if family == 4 else v6
    source, destination = draw(ends), draw(ends)
    protocol, payload = draw(transports(source, destination, errors=errors))
    ttl, traffic_class = draw(byte), draw(byte)
    if family == 4:
        packet = IPv4(
            source=source,
            destination=destination,
            protocol=protocol,
            payload=payload,
            ttl=ttl,
            traffic_class=traffic_class,
            identification=draw(half),
            dont_fragment=draw(st.booleans()),
            more_fragments=draw(st.integers(0, 7)) == 0,
            fragment_offset=draw(st.sampled_from([0] * 7 + [8])),
            options=draw(option_lists) if draw(st.integers(0, 3)) == 0 else (),
        )
        return encode_ipv4(packet)
    headers = draw(st.lists(extensions, max_size=3)) if draw(st.booleans()) else []
    first, data = ext.encode_extensions(tuple(headers), protocol)
    return encode_ipv6(
        IPv6(
            source=source,
            destination=destination,
            next_header=first,
            payload=data + payload,
            hop_limit=ttl,
            traffic_class=traffic_class,
            flow_label=draw(st.integers(0, 0xFFFFF)),
        )
    )


@st.composite
def whole_frames(draw: st.DrawFn) -> bytes:
    """Draw an Ethernet frame with an IP packet, padded or not."""
    payload = draw(ip_packets())
    ethertype = 0x0800 if payload[0] >> 4 == 4 else 0x86DD
    vlans = tuple(draw(st.lists(tags, max_size=2))) if draw(st.integers(0, 3)) == 0 else ()
    frame = encode_ethernet(Ethernet(destination=draw(macs), source=draw(macs), ethertype=ethertype, vlans=vlans, payload=payload))
    return frame + bytes(max(0, 60 - len(frame)) if draw(st.booleans()) else 0)


@st.composite
def damaged_frames(draw: st.DrawFn) -> bytes:
    """Draw a frame with a few bytes changed and its end cut off."""
    frame = bytearray(draw(whole_frames()))
    for _ in range(draw(st.integers(0, 3))):
        frame[draw(st.integers(0, min(len(frame), 80) - 1))] = draw(byte)
    return bytes(frame[: draw(st.integers(0, len(frame)))]) if draw(st.booleans()) else bytes(frame)


any_frames = st.one_of(whole_frames(), damaged_frames(), damaged_frames(), st.binary(max_size=120))
