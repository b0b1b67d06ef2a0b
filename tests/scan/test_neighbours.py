from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.scan.neighbours import Neighbour, decode_neighbours, encode_question, is_last
from doorward.values.addresses import Address


def message(kind: int, body: bytes) -> bytes:
    data = struct.pack("=IHHII", 16 + len(body), kind, 2, 1, 0) + body
    return data + bytes(-len(data) % 4)


def neighbour(address: str, state: int, interface: int = 3) -> bytes:
    packed = Address.parse(address).packed
    mac = struct.pack("=HH", 10, 2) + b"\x02\x00\x00\x00\x00\x01\x00\x00"
    attribute = struct.pack("=HH", 4 + len(packed), 1) + packed
    return message(28, struct.pack("=BBHiHBB", 2, 0, 0, interface, state, 0, 1) + mac + attribute)


@pytest.mark.parametrize(
    ("state", "absent"), [(0x01, True), (0x20, True), (0x02, False), (0x04, False), (0x08, False), (0x10, False), (0x80, False)]
)
def test_states(state: int, absent: bool) -> None:
    assert decode_neighbours(neighbour("10.0.0.9", state)) == [Neighbour(Address.parse("10.0.0.9"), 3, absent)]


def test_a_datagram_of_both_families_and_its_end() -> None:
    data = neighbour("10.0.0.9", 2) + neighbour("fe80::1", 0x20, 5)
    assert [str(one.address) for one in decode_neighbours(data)] == ["10.0.0.9", "fe80::1"]
    assert not is_last(data)
    assert is_last(data + message(3, bytes(4)))
    assert is_last(message(2, bytes(20)))


def test_the_question_is_one_whole_message() -> None:
    assert struct.unpack_from("=IH", encode_question()) == (len(encode_question()), 30)


def test_lengths_that_cannot_be_are_refused() -> None:
    with pytest.raises(PeerError):
        decode_neighbours(struct.pack("=IHHII", 15, 28, 0, 0, 0))
    with pytest.raises(PeerError):
        decode_neighbours(message(28, struct.pack("=BBHiHBB", 2, 0, 0, 3, 2, 0, 1) + struct.pack("=HH", 99, 1)))


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda body: message(28, body)))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        found = decode_neighbours(data)
        is_last(data)
    except PeerError:
        return
    assert len(found) <= len(data)
