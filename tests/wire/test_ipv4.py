from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.values.addresses import Address
from doorward.wire.checksums import internet_sum
from doorward.wire.ipv4 import IPv4, decode_ipv4, encode_ipv4
from doorward.wire.options import GarbledOptions, Option
from wire_values import byte, half, ip_packets, option_lists, patient, payloads, v4

# A DNS question's header as it is in many textbooks: 192.168.0.1 to 192.168.0.199, UDP, 115 bytes.
HEADER = bytes.fromhex("45000073000040004011b861c0a80001c0a800c7")
PLAIN = IPv4(source=Address.parse("192.0.2.1"), destination=Address.parse("192.0.2.2"), protocol=17, payload=b"abc")


def test_a_header_cut_from_its_payload() -> None:
    packet = decode_ipv4(HEADER + b"12345")
    assert (str(packet.source), str(packet.destination), packet.protocol) == ("192.168.0.1", "192.168.0.199", 17)
    assert (packet.ttl, packet.dont_fragment, packet.more_fragments, packet.checksum) == (64, True, False, 0xB861)
    assert (packet.payload, packet.missing_bytes) == (b"12345", 90)
    assert encode_ipv4(packet) == HEADER + b"12345"


def test_padding_of_the_link_is_left() -> None:
    assert decode_ipv4(encode_ipv4(PLAIN) + bytes(40)).payload == b"abc"


def test_no_total_length_means_all_there_is() -> None:
    packet = msgspec.structs.replace(PLAIN, total_length=0)
    assert decode_ipv4(encode_ipv4(packet)).payload == b"abc"
    assert packet.missing_bytes == 0


def test_fragments() -> None:
    packet = msgspec.structs.replace(PLAIN, fragment_offset=1480, more_fragments=True, identification=0xBEEF)
    data = encode_ipv4(packet)
    assert data[4:8].hex() == "beef20b9"
    assert decode_ipv4(data).fragment_offset == 1480
    assert decode_ipv4(data).is_later_fragment
    assert not PLAIN.is_later_fragment


def test_unknown_and_garbled_options_survive() -> None:
    for options in ((Option(148, b"\0\0"),), (Option(1), GarbledOptions(b"\x83\x01\x02"))):
        data = encode_ipv4(msgspec.structs.replace(PLAIN, options=options))
        assert decode_ipv4(data).options == options
        assert internet_sum(data[:24]) == 0xFFFF


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (HEADER[:19], "19 of 20 bytes"),
        (b"\x65" + HEADER[1:], "version is 6"),
        (b"\x44" + HEADER[1:], "a header of 16 bytes"),
        (b"\x46" + HEADER[1:], "20 of 24 bytes"),
        (HEADER[:2] + b"\0\x13" + HEADER[4:], "in a packet of 19"),
    ],
)
def test_nonsense_is_refused(damage: bytes, why: str) -> None:
    with pytest.raises(PeerError, match=why):
        decode_ipv4(damage)


@pytest.mark.parametrize(
    "change",
    [
        {"source": Address.parse("::1")},
        {"fragment_offset": 4},
        {"fragment_offset": 65536},
        {"ttl": 256},
        {"payload": bytes(65536)},
        {"options": (Option(7, bytes(60)),)},
    ],
    ids=str,
)
def test_what_does_not_fit_is_not_written(change: dict[str, object]) -> None:
    with pytest.raises(CallError):
        encode_ipv4(msgspec.structs.replace(PLAIN, **change))


packets = st.builds(
    IPv4,
    source=v4,
    destination=v4,
    protocol=byte,
    payload=payloads,
    ttl=byte,
    traffic_class=byte,
    identification=half,
    dont_fragment=st.booleans(),
    more_fragments=st.booleans(),
    fragment_offset=st.integers(0, 0x1FFF).map(lambda n: 8 * n),
    reserved_bit=st.booleans(),
    options=option_lists,
    checksum=half,
)


@patient
@given(packets)
def test_round_trip(packet: IPv4) -> None:
    back = decode_ipv4(encode_ipv4(packet))
    assert msgspec.structs.replace(back, total_length=None) == packet
    assert encode_ipv4(back) == encode_ipv4(packet)


@patient
@given(st.one_of(st.binary(max_size=60), ip_packets(4).map(lambda data: data[:50])))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        packet = decode_ipv4(data)
    except PeerError:
        return
    assert data.startswith(encode_ipv4(packet))
