from __future__ import annotations

import datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.rings.memory_ring import MemoryRing, Mischief, join_rings
from doorward.values.clocks import ManualClock
from doorward.wire.frames import Frames, LinkType

SHARE = st.floats(0, 1)
NOON = datetime.datetime(2026, 5, 1, 12, 0, tzinfo=datetime.UTC)


def numbered(count: int) -> tuple[np.ndarray, np.ndarray]:
    data = np.zeros((count, 60), np.uint8)
    data[:, 56:60] = np.arange(count, dtype=">u4").view(np.uint8).reshape(count, 4)
    return data, np.full(count, 60, np.uint16)


def numbers(frames: Frames) -> list[int]:
    return [int.from_bytes(row[56:60].tobytes()) for row in frames.data]


def received(ring: MemoryRing, wait_s: float = 1.0) -> list[int]:
    found: list[int] = []
    while len(frames := ring.receive(wait_s)):
        found += numbers(frames)
    return found


def test_the_same_seed_gives_the_same_loss() -> None:
    def lost(seed: int) -> list[int]:
        here, there = join_rings(ManualClock(NOON), outward=Mischief(seed=seed, lose=0.3))
        here.send(*numbered(1000))
        return received(there)

    assert lost(1) == lost(1)
    assert lost(1) != lost(2)
    assert 600 < len(lost(1)) < 800


def test_frames_are_doubled_and_overtaken() -> None:
    here, there = join_rings(ManualClock(NOON), outward=Mischief(seed=3, duplicate=0.5, delay=0.5, delay_s=0.25))
    here.send(*numbered(100))
    arrived = received(there)
    assert set(arrived) == set(range(100))
    assert 120 < len(arrived) < 180
    assert arrived != sorted(arrived)


def test_waiting_moves_the_clock_and_nothing_else_does() -> None:
    clock = ManualClock(NOON)
    here, there = join_rings(clock, latency_s=0.05)
    here.send(*numbered(1))
    assert len(there.receive(0.02)) == 0
    assert clock.monotonic_ns() == 20_000_000
    frames = there.receive(10)
    assert clock.monotonic_ns() == 50_000_000
    assert frames.times_ns.tolist() == [int(NOON.timestamp() * 1e9) + 50_000_000]


def test_a_behaviour_answers_while_one_waits() -> None:
    def echo(there: MemoryRing, frames: Frames) -> None:
        there.send(frames.data, frames.lengths)

    clock = ManualClock(NOON)
    here, there = join_rings(clock, latency_s=0.01, there_does=echo)
    here.send(*numbered(5))
    assert numbers(here.receive(1)) == [0, 1, 2, 3, 4]
    assert clock.monotonic_ns() == 20_000_000
    assert there.counters().received == 5
    there.close()
    here.send(*numbered(5))
    assert len(here.receive(0.1)) == 0


def test_a_full_device_takes_the_first_half() -> None:
    here, there = join_rings(ManualClock(NOON), outward=Mischief(refuse=1.0))
    assert here.send(*numbered(10)) == 5
    assert received(there) == [0, 1, 2, 3, 4]
    assert here.counters().send_failures == 5


def test_a_full_ring_drops_and_counts() -> None:
    there, here = join_rings(ManualClock(NOON), receive_slots=30)
    here.send(*numbered(50))
    assert received(there) == list(range(30))
    assert there.counters().dropped_by_kernel == 20
    assert there.counters().lost() == 20


def test_one_answer_is_bounded() -> None:
    here, there = join_rings(ManualClock(NOON))
    here.send(*numbered(40000))
    assert len(there.receive(0)) == 16384
    assert len(received(there)) == 40000 - 16384


def test_links_without_ethernet() -> None:
    here, there = join_rings(ManualClock(NOON), link=LinkType.RAW)
    assert here.link.mac == b""
    assert here.send(np.zeros((1, 20), np.uint8), np.array([20], np.uint16)) == 1
    assert there.receive(0).lengths.tolist() == [20]


@settings(deadline=None)
@given(
    plan=st.builds(
        Mischief, seed=st.integers(0, 99), lose=st.floats(0, 1), duplicate=st.floats(0, 1), delay=st.floats(0, 1), delay_s=st.floats(0, 1)
    ),
    count=st.integers(0, 200),
)
def test_nothing_is_made_up(plan: Mischief, count: int) -> None:
    here, there = join_rings(ManualClock(NOON), outward=plan)
    assert here.send(*numbered(count)) == count
    arrived = received(there, 5.0)
    assert set(arrived) <= set(range(count))
    assert len(arrived) <= 2 * count
    if not plan.lose:
        assert set(arrived) == set(range(count))
