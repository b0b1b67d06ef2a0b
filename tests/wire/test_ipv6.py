from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.values.addresses import Address
from doorward.wire.ipv6 import IPv6, decode_ipv6, encode_ipv6
from wire_values import byte, ip_packets, patient, payloads, v6

PLAIN = IPv6(source=Address.parse("2001:db8::1"), destination=Address.parse("2001:db8::2"), next_header=17, payload=b"abc")


def test_the_header_as_drawn() -> None:
    data = encode_ipv6(msgspec.structs.replace(PLAIN, traffic_class=0xB8, flow_label=0x12345, hop_limit=7))
    assert data[:8].hex() == "6b812345" + "0003" + "11" + "07"
    assert data[8:24] == PLAIN.source.packed
    assert data[24:40] == PLAIN.destination.packed


def test_padding_is_left_and_a_cut_is_counted() -> None:
    assert decode_ipv6(encode_ipv6(PLAIN) + bytes(9)).payload == b"abc"
    cut = decode_ipv6(encode_ipv6(PLAIN)[:41])
    assert (cut.payload, cut.missing_bytes) == (b"a", 2)


def test_a_length_of_zero_means_all_there_is_unless_nothing_follows() -> None:
    assert decode_ipv6(encode_ipv6(msgspec.structs.replace(PLAIN, payload_length=0))).payload == b"abc"
    assert decode_ipv6(encode_ipv6(msgspec.structs.replace(PLAIN, payload_length=0, next_header=59))).payload == b""


def test_nonsense_is_refused() -> None:
    data = encode_ipv6(PLAIN)
    with pytest.raises(PeerError, match="39 of 40"):
        decode_ipv6(data[:39])
    with pytest.raises(PeerError, match="version is 4"):
        decode_ipv6(b"\x45" + data[1:])


@pytest.mark.parametrize(
    "change", [{"source": Address.parse("192.0.2.1")}, {"flow_label": 1 << 20}, {"traffic_class": 256}, {"hop_limit": -1}], ids=str
)
def test_what_does_not_fit_is_not_written(change: dict[str, object]) -> None:
    with pytest.raises(CallError):
        encode_ipv6(msgspec.structs.replace(PLAIN, **change))


packets = st.builds(
    IPv6,
    source=v6,
    destination=v6,
    next_header=byte,
    payload=payloads.filter(bool),
    hop_limit=byte,
    traffic_class=byte,
    flow_label=st.integers(0, 0xFFFFF),
)


@patient
@given(packets)
def test_round_trip(packet: IPv6) -> None:
    back = decode_ipv6(encode_ipv6(packet))
    assert msgspec.structs.replace(back, payload_length=None) == packet


@patient
@given(st.one_of(st.binary(max_size=60), ip_packets(6).map(lambda data: data[:60])))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        packet = decode_ipv6(data)
    except PeerError:
        return
    assert data.startswith(encode_ipv6(packet))
