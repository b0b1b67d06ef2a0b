from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.raw.rollcall import WAYS, RollCall, Way
from doorward.scan.raw.space import Space
from doorward.scan.spans import network_span
from doorward.values.addresses import Address
from doorward.wire.ethernet import Ethernet, encode_ethernet
from doorward.wire.frames import Frames, decode_frames
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.templates import Envelope
from raw_hosts import KEY, PORTS, SOURCE, replies
from wire_batches import batch

MS = 1_000_000


def echoed(data: np.ndarray[tuple[int, int], np.dtype[np.uint8]], kind: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    out = data.copy()
    out[:, 26:30], out[:, 30:34] = data[:, 30:34], data[:, 26:30]
    out[:, 34] = kind
    return out


def call(answering: Way | None) -> tuple[RollCall, int, int]:
    """Call the roll of eight hosts of which the even ones answer in one way alone."""
    roll = RollCall(Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE), key=KEY, ports=PORTS)
    now = questions = 0
    while not roll.is_done:
        roll.turn(now)
        out = np.zeros((200, 100), dtype=np.uint8)
        while len(lengths := roll.write(out, now)):
            roll.took(len(lengths))
            questions += len(lengths)
            decoded = decode_frames(Frames(out[: len(lengths)], lengths, np.zeros(len(lengths), dtype=np.int64)))
            even = decoded.destination[:, 15] % 2 == 0
            chosen = {
                Way.ECHO: decoded.icmp_type == 8,
                Way.TIMESTAMP: decoded.icmp_type == 13,
                Way.SYN: decoded.tcp_flags == 2,
                Way.ACK: decoded.tcp_flags == 16,
                None: np.zeros(len(lengths), dtype=np.bool_),
            }[answering]
            rows = np.flatnonzero(chosen & even)
            if not len(rows):
                continue
            if answering in (Way.ECHO, Way.TIMESTAMP):
                back = echoed(out[rows], 0 if answering is Way.ECHO else 14)
            else:
                back = replies(out[rows], np.full(len(rows), 0x14, dtype=np.uint8))
                if answering is Way.ACK:
                    back[:, 38:42] = out[rows, 42:46]
            sizes = np.full(len(rows), 54, dtype=np.uint16)
            roll.heard(decode_frames(Frames(back, sizes, np.zeros(len(rows), dtype=np.int64))), now + 2 * MS)
        now += 5 * MS
    return roll, questions, now


@pytest.mark.parametrize("way", [Way.ECHO, Way.TIMESTAMP, Way.SYN, Way.ACK])
def test_one_answer_of_any_kind_is_enough(way: Way) -> None:
    roll, questions, now = call(way)
    assert [WAYS[place] if place >= 0 else None for place in roll.ways.tolist()] == [way, None] * 4
    assert questions < 8 * 5 * 3
    assert now <= 400 * MS


def test_nobody_there_is_nobody_found() -> None:
    roll, questions, _ = call(None)
    assert (roll.ways == -1).all()
    assert questions == 8 * 5 * 3


def test_an_answer_without_our_cookie_shows_nothing() -> None:
    roll = RollCall(Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE), key=KEY, ports=PORTS)
    roll.turn(0)
    out = np.zeros((8, 100), dtype=np.uint8)
    lengths = roll.write(out, 0)
    forged = echoed(out, 0)
    forged[:, 40] ^= 1
    roll.heard(decode_frames(Frames(forged, lengths, np.zeros(8, dtype=np.int64))), MS)
    assert (roll.ways == -1).all()


def asked(roll: RollCall, number: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """The frames of the ``number``-th question of the first round."""
    roll.turn(0)
    for _ in range(number):
        roll.took(len(roll.write(np.zeros((8, 100), dtype=np.uint8), 0)))
    out = np.zeros((8, 100), dtype=np.uint8)
    assert len(roll.write(out, 0)) == 8
    return out


def test_a_host_that_says_its_port_is_unreachable_is_there_and_a_router_that_says_so_is_not_it() -> None:
    roll = RollCall(Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE), key=KEY, ports=PORTS)
    out = asked(roll, 4)
    frames = []
    for host, sender in ((2, "10.0.0.2"), (3, "10.0.0.254")):
        body = bytes([3, 3, 0, 0, 0, 0, 0, 0]) + out[host, 14:42].tobytes()
        packet = encode_ipv4(IPv4(source=Address.parse(sender), destination=SOURCE, protocol=1, payload=body))
        frames.append(encode_ethernet(Ethernet(destination=bytes(6), source=bytes(6), ethertype=0x0800, payload=packet)))
    roll.heard(decode_frames(batch(frames)), MS)
    assert [WAYS[place] if place >= 0 else None for place in roll.ways.tolist()] == [None, None, Way.UDP, *[None] * 5]


def test_ipv6_hosts_answer_an_echo() -> None:
    own = Address.parse("2001:db8::1")
    roll = RollCall(Space([network_span("2001:db8::8/125")], [0]), Envelope(source=own), key=KEY, ports=PORTS)
    out = asked(roll, 0)
    back = out.copy()
    back[:, 22:38], back[:, 38:54] = out[:, 38:54], out[:, 22:38]
    back[:, 54] = 129
    back[0, 61] ^= 1  # one of them forged
    roll.heard(decode_frames(Frames(back, np.full(8, 62, dtype=np.uint16), np.zeros(8, dtype=np.int64))), 3 * MS)
    assert [WAYS[place] if place >= 0 else None for place in roll.ways.tolist()] == [None, *[Way.ECHO] * 7]
    assert roll.rtt_us.tolist() == [-1, *[3000] * 7]


def test_the_first_way_that_shows_a_host_is_kept() -> None:
    roll = RollCall(Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE), key=KEY, ports=PORTS)
    out = asked(roll, 0)
    for moment in (2 * MS, 90 * MS):
        roll.heard(decode_frames(Frames(echoed(out, 0), np.full(8, 54, dtype=np.uint16), np.zeros(8, dtype=np.int64))), moment)
    assert set(roll.rtt_us.tolist()) == {2000}
    assert roll.is_done


@given(st.lists(st.binary(max_size=120), min_size=1, max_size=8))
def test_any_frames_show_hosts_or_nothing(frames: list[bytes]) -> None:
    roll = RollCall(Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE), key=KEY, ports=PORTS)
    roll.turn(0)
    roll.heard(decode_frames(batch(frames)), MS)
    assert (roll.ways == -1).all()
