from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.values.addresses import Address
from doorward.wire.ip_columns import InternetLayer, read_ipv4, read_ipv6
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.ipv6 import IPv6, encode_ipv6
from doorward.wire.ipv6_extensions import MOST_EXTENSIONS, Fragment, OptionsHeader, Routing, encode_extensions
from doorward.wire.packet import decode_internet
from doorward.wire.rows import Rows
from wire_batches import batch, mapped
from wire_values import ip_packets, patient

A, B = Address.parse("192.0.2.1"), Address.parse("192.0.2.2")
A6, B6 = Address.parse("2001:db8::1"), Address.parse("2001:db8::2")


def read(frames: list[bytes], family: int = 4, offset: int = 0) -> InternetLayer:
    laid = batch([b"\x99" * offset + frame for frame in frames])
    rows = Rows(laid.data, laid.lengths)
    at = np.arange(len(frames))
    return (read_ipv4 if family == 4 else read_ipv6)(rows, at, np.full(len(frames), offset, np.intp), rows.lengths)


def six(*headers: OptionsHeader | Fragment | Routing, payload: bytes = b"payload!") -> bytes:
    first, data = encode_extensions(headers, 17)
    return encode_ipv6(IPv6(source=A6, destination=B6, next_header=first, payload=data + payload))


def test_where_the_upper_protocol_begins_and_ends() -> None:
    whole = encode_ipv4(IPv4(source=A, destination=B, protocol=6, payload=b"12345678"))
    layer = read([whole, whole + bytes(20), whole[:24], whole[:19], b"\x44" + whole[1:], whole[:3] + b"\x13" + whole[4:]], offset=3)
    assert layer.at.tolist() == [0, 1, 2]
    assert layer.start.tolist() == [23, 23, 23]
    assert layer.end.tolist() == [31, 31, 27]
    assert layer.missing.tolist() == [0, 0, 4]
    assert layer.whole.tolist() == [True, True, False]
    assert layer.truncated.tolist() == [3]
    assert layer.malformed.tolist() == [4, 5]
    assert layer.source[0].tobytes() == mapped(A)


def test_a_chain_is_walked_to_its_end() -> None:
    fragment = Fragment(offset=0, more=True, identification=0xDEADBEEF)
    layer = read(
        [six(), six(OptionsHeader(kind=0)), six(OptionsHeader(kind=0), Routing(type=0, segments_left=1, data=bytes(20)), fragment)],
        family=6,
    )
    assert layer.protocol.tolist() == [17, 17, 17]
    assert layer.start.tolist() == [40, 48, 80]
    assert layer.ip_id.tolist() == [0, 0, 0xDEADBEEF]
    assert layer.more_fragments.tolist() == [False, False, True]
    assert layer.detour.tolist() == [False, False, True]


def test_a_later_fragment_is_not_walked_on() -> None:
    layer = read([six(Fragment(offset=8, more=False, identification=1), OptionsHeader(kind=60))], family=6)
    assert layer.later_fragment.tolist() == [True]
    assert layer.protocol.tolist() == [60]
    assert layer.start.tolist() == [48]


@pytest.mark.parametrize(("count", "fine"), [(MOST_EXTENSIONS, True), (MOST_EXTENSIONS + 1, False), (40, False)])
def test_chains_without_end_are_malformed(count: int, fine: bool) -> None:
    layer = read([six(*[OptionsHeader(kind=60)] * count)], family=6)
    assert layer.malformed.tolist() == ([] if fine else [0])
    assert layer.protocol.tolist() == [17 if fine else 0]


def test_a_chain_cut_on_the_way_is_truncated_and_one_that_ends_by_itself_malformed() -> None:
    cut = six(OptionsHeader(kind=0), payload=b"")[:46]
    short = bytearray(six(OptionsHeader(kind=0), payload=b""))
    short[41] = 9
    layer = read([cut, bytes(short)], family=6)
    assert layer.truncated.tolist() == [0]
    assert layer.malformed.tolist() == [1]
    assert layer.protocol.tolist() == [0, 0]


@patient
@given(st.sampled_from([4, 6]), st.data(), st.integers(0, 5))
def test_any_packet_agrees_with_single_values(family: int, draw: st.DataObject, offset: int) -> None:
    packets = draw.draw(st.lists(st.one_of(ip_packets(family), st.binary(max_size=70)), min_size=1, max_size=5))
    layer = read(packets, family, offset)
    flagged = {*layer.truncated.tolist(), *layer.malformed.tolist()}
    places = {row: place for place, row in enumerate(layer.at.tolist())}
    for row, packet in enumerate(packets):
        try:
            single = decode_internet(packet, version=family)
        except PeerError:
            assert row in flagged
            continue
        place = places[row]
        assert row not in flagged
        assert layer.protocol[place] == single.protocol
        assert layer.end[place] - layer.start[place] == len(single.payload)
        assert layer.source[place].tobytes() == mapped(single.source)
        assert layer.destination[place].tobytes() == mapped(single.destination)
        assert layer.missing[place] == single.header.missing_bytes
