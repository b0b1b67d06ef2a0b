from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.values.addresses import Address
from doorward.wire.checksums import internet_sum, pseudo_header
from doorward.wire.udp import Datagram, decode_udp, encode_udp
from wire_values import datagrams, patient, v4, v6

ENDS = (Address.parse("192.0.2.1"), Address.parse("192.0.2.2"))


def test_the_header_as_drawn() -> None:
    data = encode_udp(Datagram(source_port=53, destination_port=40000, payload=b"abc", checksum=0))
    assert data.hex() == "0035" + "9c40" + "000b" + "0000" + "616263"
    assert decode_udp(data + b"padding").payload == b"abc"


def test_a_datagram_cut_behind_its_header_is_read() -> None:
    datagram = decode_udp(bytes.fromhex("00359c40ffff0000") + b"ab")
    assert (datagram.length, datagram.payload) == (65535, b"ab")


def test_no_length_reaches_to_the_end() -> None:
    assert decode_udp(bytes.fromhex("00359c4000000000") + b"ab").payload == b"ab"


def test_a_sum_of_zero_is_sent_as_ones() -> None:
    for number in range(65536):
        payload = number.to_bytes(2, "big")
        data = encode_udp(Datagram(source_port=1, destination_port=2, payload=payload), *ENDS)
        if data[6:8] == b"\xff\xff":
            break
    assert data[6:8] == b"\xff\xff"
    assert internet_sum(pseudo_header(*ENDS, 17, 10) + data[:6] + b"\0\0" + payload) == 0xFFFF


@pytest.mark.parametrize("data", ["", "00359c40000b00", "00359c4000070000"])
def test_nonsense_is_refused(data: str) -> None:
    with pytest.raises(PeerError):
        decode_udp(bytes.fromhex(data))


def test_faults_of_the_caller() -> None:
    with pytest.raises(CallError, match="needs both addresses"):
        encode_udp(Datagram(source_port=1, destination_port=2))
    with pytest.raises(CallError):
        encode_udp(Datagram(source_port=1, destination_port=65536, checksum=0))


@patient
@given(datagrams, st.one_of(st.tuples(v4, v4), st.tuples(v6, v6)))
def test_round_trip_with_the_right_checksum(datagram: Datagram, ends: tuple[Address, Address]) -> None:
    data = encode_udp(datagram, *ends)
    back = decode_udp(data)
    assert msgspec.structs.replace(back, checksum=None, length=None) == datagram
    assert internet_sum(pseudo_header(*ends, 17, len(data)) + data) == 0xFFFF


@patient
@given(st.binary(max_size=30))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        datagram = decode_udp(data)
    except PeerError:
        return
    assert data.startswith(encode_udp(datagram))
