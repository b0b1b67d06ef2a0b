from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorward.values.addresses import Address
from doorward.wire.arp import Arp, arp_request, encode_arp
from doorward.wire.columns import new_columns
from doorward.wire.ethernet import Ethernet, VlanTag, encode_ethernet
from doorward.wire.frames import decode_frames
from doorward.wire.link_columns import read_arp, read_ethernet, read_raw
from doorward.wire.rows import Rows
from wire_batches import batch, disagreements
from wire_values import patient

MAC = b"\2\0\0\0\0\1"
ASKED = encode_arp(arp_request(MAC, Address.parse("192.0.2.1"), Address.parse("192.0.2.2")))


def framed(payload: bytes, *numbers: int, ethertype: int = 0x0806) -> bytes:
    tags = tuple(VlanTag(number, protocol=0x88A8 if place == 0 else 0x8100) for place, number in enumerate(numbers))
    return encode_ethernet(Ethernet(destination=b"\xff" * 6, source=MAC, ethertype=ethertype, vlans=tags, payload=payload))


def test_tags_move_what_is_behind_them() -> None:
    frames = batch([framed(b""), framed(b"", 7), framed(b"", 4095, 8), framed(b"", 1, 2)[:21], framed(b"")[:13], b""])
    columns = new_columns(6)
    offsets = read_ethernet(Rows(frames.data, frames.lengths), columns)
    assert offsets[:3].tolist() == [14, 18, 22]
    assert columns["vlan"].tolist() == [-1, 7, 4095, 1, -1, -1]
    assert columns["inner_vlan"].tolist() == [-1, -1, 8, -1, -1, -1]
    assert columns["ethertype"].tolist() == [0x0806, 0x0806, 0x0806, 0, 0, 0]
    assert columns["truncated"].tolist() == [False, False, False, True, True, True]
    assert columns["source_mac"][3].tobytes() == MAC
    assert columns["destination_mac"][0].tobytes() == b"\xff" * 6


def test_raw_packets_name_their_version() -> None:
    frames = batch([b"\x45", b"\x60", b"\x15", b""])
    columns = new_columns(4)
    assert not read_raw(Rows(frames.data, frames.lengths), columns).any()
    assert columns["ethertype"].tolist() == [0x0800, 0x86DD, 0, 0]
    assert columns["malformed"].tolist() == [False, False, True, False]
    assert columns["truncated"].tolist() == [False, False, False, True]


def test_arp_at_any_place_and_cut_short() -> None:
    longer = encode_arp(
        Arp(operation=2, sender_hardware=b"a" * 8, sender_protocol=b"bbbb", target_hardware=b"c" * 8, target_protocol=b"dddd")
    )
    frames = batch([ASKED, b"??" + ASKED, ASKED[:27], ASKED[:7], longer, longer[:-1]])
    columns = new_columns(6)
    read_arp(Rows(frames.data, frames.lengths), columns, np.arange(6), np.array([0, 2, 0, 0, 0, 0]))
    assert columns["arp_operation"].tolist() == [1, 1, 0, 0, 0, 0]
    assert columns["arp_sender"][1].tolist() == [192, 0, 2, 1]
    assert columns["arp_target"][1].tolist() == [192, 0, 2, 2]
    assert columns["arp_sender_mac"][0].tobytes() == MAC
    assert columns["truncated"].tolist() == [False, False, True, True, False, True]


@patient
@given(
    st.lists(st.one_of(st.binary(max_size=40).map(framed), st.integers(0, 50).map(lambda n: framed(ASKED, n)[:n])), min_size=1, max_size=6)
)
def test_any_arp_agrees_with_single_values(frames: list[bytes]) -> None:
    assert not disagreements(frames, decode_frames(batch(frames)))
