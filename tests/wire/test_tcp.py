from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.values.addresses import Address
from doorward.wire.checksums import internet_sum, pseudo_header
from doorward.wire.options import GarbledOptions
from doorward.wire.tcp import Segment, TcpFlags, decode_tcp, encode_tcp
from doorward.wire.tcp_options import linux_syn_options
from wire_values import patient, segments, v4, v6

SYN = Segment(
    source_port=40000,
    destination_port=443,
    sequence=0x01020304,
    flags=TcpFlags.SYN,
    window=64240,
    options=linux_syn_options(),
    checksum=0xABCD,
)


def test_the_header_as_drawn() -> None:
    data = encode_tcp(SYN)
    assert data[:20].hex() == "9c40" + "01bb" + "01020304" + "00000000" + "a002" + "faf0" + "abcd" + "0000"
    assert decode_tcp(data + b"payload") == msgspec.structs.replace(SYN, payload=b"payload")


def test_every_flag_has_its_bit() -> None:
    data = bytearray(encode_tcp(msgspec.structs.replace(SYN, options=(), flags=TcpFlags(0x1FF), reserved=7)))
    assert data[12:14].hex() == "5fff"
    assert decode_tcp(bytes(data)).flags == TcpFlags(0x1FF)
    assert TcpFlags.AE | TcpFlags.CWR | TcpFlags.ECE == 0x1C0


def test_garbled_options_leave_a_readable_header() -> None:
    data = bytearray(encode_tcp(SYN))
    data[21] = 99
    segment = decode_tcp(bytes(data))
    assert segment.destination_port == 443
    assert segment.options == (GarbledOptions(bytes(data[20:40])),)
    assert encode_tcp(segment) == bytes(data)


@pytest.mark.parametrize(("size", "offset"), [(19, 5), (20, 4), (20, 6), (39, 10), (0, 5)])
def test_nonsense_is_refused(size: int, offset: int) -> None:
    data = bytearray(encode_tcp(SYN))
    data[12] = offset << 4
    with pytest.raises(PeerError):
        decode_tcp(bytes(data[:size]))


def test_faults_of_the_caller() -> None:
    for change in ({"checksum": None}, {"source_port": 65536}, {"reserved": 8}, {"sequence": -1}):
        with pytest.raises(CallError):
            encode_tcp(msgspec.structs.replace(SYN, **change))


@patient
@given(segments, st.one_of(st.tuples(v4, v4), st.tuples(v6, v6)))
def test_round_trip_with_the_right_checksum(segment: Segment, ends: tuple[Address, Address]) -> None:
    data = encode_tcp(segment, *ends)
    assert msgspec.structs.replace(decode_tcp(data), checksum=None) == segment
    assert internet_sum(pseudo_header(*ends, 6, len(data)) + data) == 0xFFFF


@patient
@given(st.one_of(st.binary(max_size=70), st.binary(min_size=60, max_size=70).map(lambda data: data[:12] + b"\xf0" + data[13:])))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        segment = decode_tcp(data)
    except PeerError:
        return
    assert encode_tcp(segment) == data
