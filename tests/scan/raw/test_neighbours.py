from __future__ import annotations

import numpy as np
import pytest

from doorward.scan.raw.neighbours import Census
from doorward.scan.raw.space import Space
from doorward.scan.spans import network_span
from doorward.values.addresses import Address
from doorward.wire.arp import Arp, encode_arp
from doorward.wire.ethernet import Ethernet, encode_ethernet
from doorward.wire.frames import Frames, decode_frames
from doorward.wire.icmpv6 import encode_icmpv6
from doorward.wire.ipv6 import IPv6, encode_ipv6
from doorward.wire.neighbour_discovery import TARGET_LINK_ADDRESS, NdOption, NeighbourAdvertisement, encode_nd
from doorward.wire.templates import Envelope
from raw_hosts import SOURCE
from wire_batches import batch

MS = 1_000_000


def test_all_are_asked_at_once_and_the_silent_ones_thrice() -> None:
    census = Census(Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE, source_mac=b"\2\0\0\0\0\1"))
    asked: list[int] = []
    now = 0
    while not census.is_done:
        census.turn(now)
        out = np.zeros((100, 60), dtype=np.uint8)
        lengths = census.write(out, now)
        census.sent(len(lengths))
        decoded = decode_frames(Frames(out[: len(lengths)], lengths, np.zeros(len(lengths), dtype=np.int64)))
        assert (decoded.arp_operation == 1).all()
        asked += decoded.arp_target[:, 3].tolist()
        replies = out[: len(lengths)][decoded.arp_target[:, 3] < 4].copy()
        if len(replies):
            replies[:, 21] = 2
            replies[:, 28:32], replies[:, 38:42] = replies[:, 38:42].copy(), replies[:, 28:32].copy()
            replies[:, 22:28] = (2, 0, 0, 0, 9, 9)
            census.heard(decode_frames(Frames(replies, np.full(len(replies), 42, dtype=np.uint16), np.zeros(len(replies), dtype=np.int64))))
        now += 10 * MS
    assert census.is_known.tolist() == [True] * 4 + [False] * 4
    assert census.macs[0].tolist() == [2, 0, 0, 0, 9, 9]
    assert sorted(asked) == sorted([*range(8), *range(4, 8), *range(4, 8)])
    assert now <= 300 * MS


def test_when_all_have_answered_nobody_waits() -> None:
    census = Census(Space([network_span("10.0.0.4/32")], [0]), Envelope(source=SOURCE))
    census.is_known[:] = True
    assert census.is_done


OTHER = b"\2\0\0\0\0\x77"
SOURCE6 = Address.parse("2001:db8::1")


def reply(sender: str, mac: bytes = OTHER, operation: int = 2) -> bytes:
    packet = Arp(
        operation=operation,
        sender_hardware=mac,
        sender_protocol=Address.parse(sender).packed,
        target_hardware=bytes(6),
        target_protocol=SOURCE.packed,
    )
    return encode_ethernet(Ethernet(destination=bytes(6), source=mac, ethertype=0x0806, payload=encode_arp(packet)))


def advertisement(target: str, *, tells_mac: bool) -> bytes:
    there = Address.parse(target)
    options = (NdOption(TARGET_LINK_ADDRESS, OTHER),) if tells_mac else ()
    message = encode_icmpv6(encode_nd(NeighbourAdvertisement(target=there, solicited=True, options=options)), there, SOURCE6)
    packet = encode_ipv6(IPv6(source=there, destination=SOURCE6, next_header=58, hop_limit=255, payload=message))
    return encode_ethernet(Ethernet(destination=bytes(6), source=OTHER, ethertype=0x86DD, payload=packet))


def test_only_replies_of_hosts_that_were_asked_for_are_believed() -> None:
    census = Census(Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE))
    frames = [reply("10.0.0.3"), reply("10.0.0.5", operation=1), reply("10.0.1.3"), reply("10.0.0.4")[:30], b"", reply("10.0.0.3")]
    census.heard(decode_frames(batch(frames)))
    assert np.flatnonzero(census.is_known).tolist() == [3]
    assert census.macs[3].tobytes() == OTHER


@pytest.mark.parametrize("tells_mac", [True, False])
def test_ipv6_neighbours_advertise_their_link_address_or_send_from_it(tells_mac: bool) -> None:
    census = Census(Space([network_span("2001:db8::/125")], [0]), Envelope(source=SOURCE6, source_mac=b"\2\0\0\0\0\1"))
    census.turn(0)
    out = np.zeros((8, 100), dtype=np.uint8)
    lengths = census.write(out, 0)
    asked = decode_frames(Frames(out, lengths, np.zeros(8, dtype=np.int64)), verify=True)
    assert asked.icmp_type.tolist() == [135] * 8
    assert not asked.bad_checksum.any()
    frames = [advertisement("2001:db8::5", tells_mac=tells_mac), advertisement("2001:db8:1::5", tells_mac=tells_mac)]
    census.heard(decode_frames(batch(frames)))
    assert np.flatnonzero(census.is_known).tolist() == [5]
    assert census.macs[5].tobytes() == OTHER


def test_questions_that_did_not_leave_are_asked_first_the_next_time() -> None:
    census = Census(Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE))
    census.turn(0)
    out = np.zeros((5, 60), dtype=np.uint8)
    census.write(out, 0)
    census.sent(2)
    lengths = census.write(out, 0)
    decoded = decode_frames(Frames(out[: len(lengths)], lengths, np.zeros(len(lengths), dtype=np.int64)))
    assert decoded.arp_target[:, 3].tolist() == [2, 3, 4, 5, 6]
