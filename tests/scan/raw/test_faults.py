"""What goes wrong during a raw scan, on a ring in memory: whatever it is, doors are never called what they aren't."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from doorward.errors import WorldError
from doorward.rings.memory_ring import MemoryRing, Mischief, join_rings
from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.raw.engine import Patience
from doorward.scan.raw.live_census import find_neighbour, take_census
from doorward.scan.raw.live_discovery import Discovery
from doorward.scan.raw.live_way import OpenWay
from doorward.scan.raw.space import Space
from doorward.scan.spans import network_span
from doorward.values.addresses import Address
from doorward.values.clocks import ManualClock
from doorward.wire.frames import Frames
from doorward.wire.templates import Envelope
from raw_hosts import KEY, NOON, PORTS, SOURCE, SYN_ACK, Hosts, Outcome, replies, scan_hosts

OPEN = frozenset({22, 80, 443, 700, 999})
FOUND = {(0, port) for port in OPEN}
ALL = {Reason.SYN_ACK: 5, Reason.REFUSED: 995}
TRUE = {Reason.SYN_ACK, Reason.REFUSED, Reason.INTERFACE_GONE}


def test_a_million_copies_of_an_answer_change_nothing_and_are_not_kept() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN, copies=20_000), ports=range(20, 81))
    assert outcome.here.counters().received > 1_000_000
    assert outcome.found == {(0, 22), (0, 80)}
    assert outcome.reasons == {Reason.SYN_ACK: 2, Reason.REFUSED: 59}
    assert outcome.engine.window.capacity <= 64
    assert outcome.engine.counts.sent < 100


@pytest.mark.parametrize("hours", [1e-4, 1.0, 1000.0])
def test_a_clock_that_jumps_loses_no_door(hours: float) -> None:
    """The machine slept for a while amid the scan: what was in the air is asked again."""
    jumps = iter([hours * 3600])

    def jump(outcome: Outcome) -> None:
        if outcome.engine.counts.received > 300:
            outcome.clock.advance(next(jumps, 0.0))

    outcome = scan_hosts(lambda _: Hosts(OPEN), rate=20_000.0, on_turn=jump)
    assert outcome.found == FOUND
    assert outcome.reasons == ALL


def test_a_clock_that_jumps_at_every_turn_ends_the_scan_nevertheless() -> None:
    outcome = scan_hosts(lambda _: Hosts(frozenset(), silent=True), ports=range(1, 101), on_turn=lambda outcome: outcome.clock.advance(60))
    assert outcome.reasons == {Reason.NO_ANSWER: 100}


@pytest.mark.parametrize("refuse", [0.1, 0.5, 0.9])
def test_a_device_without_room_is_offered_the_frames_again(refuse: float) -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), refuse=refuse)
    assert outcome.reasons == ALL
    assert outcome.here.counters().send_failures > 0
    assert outcome.loop.ended_by is None


def test_a_link_that_takes_nothing_for_seconds_ends_the_scan_with_what_is_known() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), refuse=1.0, on_turn=lambda outcome: outcome.clock.advance(0.05))
    assert outcome.loop.ended_by is not None
    assert "taken no frame" in outcome.loop.ended_by.why
    assert outcome.seconds == pytest.approx(5, abs=1)
    assert set(outcome.reasons) <= TRUE
    assert outcome.reasons[Reason.REFUSED] > 900


@pytest.mark.parametrize("after", [0, 1, 500, 999])
def test_an_interface_that_vanishes_leaves_doors_unknown_not_filtered(after: int) -> None:
    def vanish(outcome: Outcome) -> None:
        if outcome.engine.counts.received >= after:
            outcome.here.take_down()

    outcome = scan_hosts(lambda _: Hosts(OPEN), rate=50_000.0, on_turn=vanish)
    assert outcome.loop.ended_by is not None
    assert "taken down" in outcome.loop.ended_by.why
    assert set(outcome.reasons) <= TRUE
    assert outcome.reasons[Reason.SYN_ACK] == len(outcome.found)


def test_a_stopped_scan_says_what_is_settled_in_order_and_beyond() -> None:
    """A door that is still silent holds back the place to go on from, but not what is known of the doors behind it."""
    outcome = scan_hosts(lambda _: Hosts(OPEN, silent=True), rate=100_000.0, most_turns=60)
    assert not outcome.engine.is_done
    assert outcome.loop.ended_by is None
    assert outcome.loop.beyond is not None
    assert outcome.reasons.total() + len(outcome.loop.beyond) < 1000
    beyond = {(door // 1000, int(outcome.engine.space.ports[door])) for door in outcome.loop.beyond.doors.tolist()}
    settled = {(0, int(outcome.engine.space.ports[door])) for part in outcome.settled for door in part.doors.tolist()}
    assert outcome.found <= beyond | settled


def test_answers_lost_on_this_machine_are_made_good() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), receive_slots=60)
    assert outcome.loop.lost() > 0
    assert outcome.engine.counts.excused > 0
    assert outcome.reasons == ALL


def test_where_every_answer_is_lost_here_nothing_is_said_of_the_doors() -> None:
    outcome = scan_hosts(lambda _: Hosts(frozenset({1})), ports=range(1, 201), receive_slots=0)
    assert outcome.found == set()
    assert outcome.reasons == {Reason.LOST_HERE: 200}


def test_a_path_that_drops_what_exceeds_its_rate_is_not_taken_for_a_sound_one() -> None:
    """It takes the first knocks of each burst and drops the rest: controls at the head of a burst would all be answered."""

    class Narrow(Hosts):
        tokens, then = 50.0, 0

        def __call__(self, ring: MemoryRing, frames: Frames) -> None:
            assert self.clock is not None
            now = self.clock.monotonic_ns()
            self.tokens, self.then = min(50.0, self.tokens + (now - self.then) / 1e9 * 20_000), now
            taken = min(int(self.tokens), len(frames))
            self.tokens -= taken
            if taken:
                super().__call__(ring, Frames(frames.data[:taken], frames.lengths[:taken], frames.times_ns[:taken]))

    outcome = scan_hosts(lambda clock: Narrow(OPEN, clock=clock, silent=True), ports=range(1, 3001))
    silent, trials = outcome.engine.open_controls()
    assert silent / trials > 0.3
    assert outcome.engine.counts.repeated / 3000 > 5


def test_a_tarpit_on_every_port_is_heard_at_each_once() -> None:
    """Telling it from servers takes more than knocking; but three copies of each answer are one."""

    def tarpit(ring: MemoryRing, frames: Frames) -> None:
        out = replies(np.repeat(frames.data, 3, axis=0), np.full(len(frames) * 3, SYN_ACK, dtype=np.uint8))
        ring.send(out, np.full(len(out), 54, dtype=np.uint16))

    outcome = scan_hosts(lambda _: tarpit, ports=range(1, 2001))
    assert len(outcome.found) == 2000
    assert outcome.reasons == {Reason.SYN_ACK: 2000}
    assert outcome.engine.counts.sent == 2000


def test_answers_that_come_when_all_was_given_up_are_believed_as_long_as_the_scan_lasts() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), latency_s=0.6, patience=Patience(ceiling_ns=1_000_000_000))
    assert outcome.found == FOUND


@pytest.mark.parametrize("first", [0x10, 0x18, 0x02, 0x01, 0x00, 0x29])
def test_segments_that_are_no_answers_to_a_syn_say_nothing(first: int) -> None:
    """An ACK, data, a SYN without ACK, a FIN, nothing at all, a Christmas tree: right cookie or not."""

    def answer(ring: MemoryRing, frames: Frames) -> None:
        out = replies(frames.data, np.full(len(frames), first, dtype=np.uint8))
        ring.send(out, np.full(len(out), 54, dtype=np.uint16))

    outcome = scan_hosts(lambda _: answer, ports=range(1, 51))
    assert outcome.found == set()
    assert {reason.state for reason in outcome.reasons} == {DoorState.FILTERED}


def test_answers_of_one_host_in_anothers_name_open_no_door_of_his() -> None:
    """Each SYN-ACK comes back with its source changed to the next host's: the cookie holds for the host that was asked."""

    def mask(ring: MemoryRing, frames: Frames) -> None:
        out = replies(frames.data, np.full(len(frames), SYN_ACK, dtype=np.uint8))
        out[:, 29] ^= 1
        ring.send(out, np.full(len(out), 54, dtype=np.uint16))

    assert scan_hosts(lambda _: mask, network="10.0.0.2/31", ports=range(1, 51)).found == set()


def test_the_same_run_twice_sends_the_same_frames_and_starts_no_thread() -> None:
    def run() -> list[bytes]:
        sent: list[bytes] = []
        hosts = Hosts(OPEN)

        def note(ring: MemoryRing, frames: Frames) -> None:
            sent.append(frames.data.tobytes())
            hosts(ring, frames)

        scan_hosts(lambda _: note, lose=0.1)
        return sent

    threads = threading.active_count()
    assert run() == run()
    assert threading.active_count() == threads


def test_a_link_on_which_nobody_answers_arp_is_given_up_within_a_second() -> None:
    clock = ManualClock(NOON)
    here, _ = join_rings(clock)
    census = take_census(here, Space([network_span("10.0.0.0/24")], [0]), Envelope(source=SOURCE), clock)
    assert not census.is_known.any()
    assert clock.monotonic_ns() < 1_000_000_000
    assert here.counters().sent == 256 * 3


@pytest.mark.parametrize("lose", [0.1, 0.3])
def test_lost_questions_about_neighbours_are_asked_again(lose: float) -> None:
    clock = ManualClock(NOON)
    here, _ = join_rings(clock, outward=Mischief(seed=3, lose=lose, refuse=0.3), latency_s=0.001, there_does=neighbours)
    census = take_census(here, Space([network_span("10.0.0.0/24")], [0]), Envelope(source=SOURCE), clock)
    assert census.is_known.mean() > 1 - 1.5 * lose**3 - 0.01


class Hasty(ManualClock):
    """A clock of which five milliseconds pass at each look: so a test of patience needs few."""

    def monotonic_ns(self) -> int:
        self.advance(0.005)
        return super().monotonic_ns()


def test_a_link_that_takes_no_question_about_neighbours_is_an_error_and_no_endless_wait() -> None:
    clock = Hasty(NOON)
    here, _ = join_rings(clock, outward=Mischief(refuse=1.0), there_does=neighbours)
    with pytest.raises(WorldError, match="memory-here"):
        find_neighbour(here, Address.parse("10.0.0.9"), Envelope(source=SOURCE), clock)


def test_a_link_that_takes_no_question_about_hosts_is_an_error_and_no_endless_wait() -> None:
    clock = Hasty(NOON)
    here, _ = join_rings(clock, outward=Mischief(refuse=1.0))
    spans = [network_span("10.0.0.0/30")]
    search = Discovery(spans, secret=KEY, clock=clock)
    way = OpenWay(here, Envelope(source=SOURCE), PORTS, None, None)
    with pytest.raises(WorldError, match="memory-here"):
        search._call(way, Space(spans, [0]))
    assert clock.monotonic_ns() < 6_000_000_000


def neighbours(ring: MemoryRing, frames: Frames) -> None:
    """Every address is somebody's."""
    out = frames.data[:, :42].copy()
    out[:, 21] = 2
    out[:, 28:32], out[:, 38:42] = frames.data[:, 38:42], frames.data[:, 28:32]
    out[:, 22:28] = (2, 0, 0, 0, 7, 7)
    ring.send(out, np.full(len(out), 42, dtype=np.uint16))
