from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.wire.ethernet import BROADCAST, Ethernet, VlanTag, decode_ethernet, encode_ethernet
from wire_values import half, macs, patient, payloads, tags

PLAIN = "ffffffffffff" + "020000000001" + "0806" + "aabb"
TAGGED = "ffffffffffff" + "020000000001" + "88a8b00a" + "81000064" + "0800" + "45"


def test_a_plain_frame() -> None:
    frame = decode_ethernet(bytes.fromhex(PLAIN))
    assert frame == Ethernet(destination=BROADCAST, source=b"\2\0\0\0\0\1", ethertype=0x0806, payload=b"\xaa\xbb")
    assert encode_ethernet(frame).hex() == PLAIN


def test_two_tags() -> None:
    frame = decode_ethernet(bytes.fromhex(TAGGED))
    assert frame.vlans == (VlanTag(10, priority=5, drop_eligible=True, protocol=0x88A8), VlanTag(100))
    assert (frame.ethertype, frame.payload) == (0x0800, b"\x45")
    assert encode_ethernet(frame).hex() == TAGGED


@pytest.mark.parametrize("size", [0, 13, 15, 17, 21])
def test_a_frame_cut_inside_its_header_is_refused(size: int) -> None:
    with pytest.raises(PeerError):
        decode_ethernet(bytes.fromhex(TAGGED)[:size])


def test_a_third_tag_is_left_in_the_payload() -> None:
    data = bytes(12) + bytes.fromhex("810000018100000281000003") + b"\x08\x00"
    frame = decode_ethernet(data)
    assert [tag.number for tag in frame.vlans] == [1, 2]
    assert frame.ethertype == 0x8100
    assert encode_ethernet(frame) == data


@patient
@given(
    st.builds(
        Ethernet,
        destination=macs,
        source=macs,
        ethertype=st.integers(0, 0x80FF),
        vlans=st.lists(tags, max_size=2).map(tuple),
        payload=payloads,
    )
)
def test_round_trip(frame: Ethernet) -> None:
    assert decode_ethernet(encode_ethernet(frame)) == frame


@patient
@given(st.binary(max_size=40))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        frame = decode_ethernet(data)
    except PeerError:
        return
    assert encode_ethernet(frame) == data


@patient
@given(half)
def test_only_what_fits_is_written(number: int) -> None:
    frame = Ethernet(destination=bytes(6), source=bytes(6), ethertype=0, vlans=(VlanTag(number),))
    if number < 4096:
        encode_ethernet(frame)
    else:
        with pytest.raises(CallError, match="12 bits"):
            encode_ethernet(frame)


def test_other_faults_of_the_caller() -> None:
    with pytest.raises(CallError):
        encode_ethernet(Ethernet(destination=bytes(5), source=bytes(6), ethertype=0))
    with pytest.raises(CallError, match="3 VLAN tags"):
        encode_ethernet(Ethernet(destination=bytes(6), source=bytes(6), ethertype=0, vlans=(VlanTag(1),) * 3))
