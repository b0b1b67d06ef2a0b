from __future__ import annotations

from doorward.rings.memory_ring import MemoryRing, join_rings
from doorward.scan.raw.live_census import find_neighbour, take_census
from doorward.scan.raw.space import Space
from doorward.scan.spans import network_span
from doorward.values.addresses import Address
from doorward.values.clocks import ManualClock
from doorward.wire.frames import Frames
from doorward.wire.templates import Envelope
from raw_hosts import NOON, SOURCE


def answer(ring: MemoryRing, frames: Frames) -> None:
    """Have every address below 10.0.0.4."""
    out = frames.data[frames.data[:, 41] < 4][:, :42].copy()
    if len(out):
        out[:, 21] = 2
        out[:, 28:32], out[:, 38:42] = out[:, 38:42].copy(), out[:, 28:32].copy()
        out[:, 22:28] = (2, 0, 0, 0, 7, 7)
        ring.send(out, frames.lengths[: len(out)] * 0 + 42)


def test_the_link_is_asked_and_answers() -> None:
    clock = ManualClock(NOON)
    here, _ = join_rings(clock, latency_s=0.001, there_does=answer)
    census = take_census(here, Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE), clock)
    assert census.is_known.tolist() == [True] * 4 + [False] * 4
    assert clock.monotonic_ns() < 300_000_000


def test_a_router_is_found_or_not() -> None:
    clock = ManualClock(NOON)
    here, _ = join_rings(clock, latency_s=0.001, there_does=answer)
    found = find_neighbour(here, Address.parse("10.0.0.3"), Envelope(source=SOURCE), clock)
    assert found is not None
    assert found.tolist() == [2, 0, 0, 0, 7, 7]
    assert find_neighbour(here, Address.parse("10.0.0.9"), Envelope(source=SOURCE), clock) is None
