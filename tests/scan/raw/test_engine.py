from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from doorward.rings.memory_ring import MemoryRing
from doorward.scan.doorstates import Reason
from doorward.scan.raw.engine import Patience
from doorward.values.clocks import ManualClock
from doorward.wire.frames import Frames
from raw_hosts import Hosts, Outcome, replies, scan_hosts

OPEN = frozenset({22, 80, 443, 700, 999})
FOUND = {(0, port) for port in OPEN}


def test_every_door_of_a_host_that_answers_is_known_with_one_knock_each() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN))
    assert outcome.found == FOUND
    assert outcome.reasons == {Reason.SYN_ACK: 5, Reason.REFUSED: 995}
    assert outcome.engine.counts.sent == 1000
    assert outcome.engine.counts.repeated == 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("lose", [0.02, 0.1, 0.3])
def test_whatever_the_path_loses_no_open_door_is_missed(lose: float, seed: int) -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), lose=lose, seed=seed * 10)
    assert outcome.found == FOUND
    assert outcome.reasons[Reason.REFUSED] >= 992  # the rest stayed silent at a dozen knocks


@pytest.mark.parametrize("lose", [0.0, 0.1])
def test_silent_doors_are_filtered_after_as_many_knocks_as_the_loss_demands(lose: float) -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN, silent=True), lose=lose)
    assert outcome.found == FOUND
    assert outcome.reasons == {Reason.SYN_ACK: 5, Reason.NO_ANSWER: 995}
    knocks = outcome.engine.counts.repeated / 995
    assert knocks == pytest.approx(1.0, abs=1.1) if not lose else knocks > 1.5
    assert outcome.engine.cells.missed_in_all() < 0.01


def test_a_limit_of_refusals_is_recognised_and_leaves_doors_unknown_not_filtered() -> None:
    outcome = scan_hosts(lambda clock: Hosts(OPEN, resets_per_s=100.0, clock=clock), ports=range(1, 5001))
    assert outcome.found == FOUND
    assert outcome.reasons[Reason.RESETS_LIMITED] > 4000
    assert outcome.reasons[Reason.NO_ANSWER] == 0
    assert outcome.seconds < 6
    assert outcome.engine.cells.refusals_per_s(0) < 1000


def test_a_host_that_never_answers_is_asked_thrice() -> None:
    outcome = scan_hosts(lambda _: Hosts(frozenset(), silent=True), ports=range(1, 101))
    assert outcome.reasons == {Reason.NO_ANSWER: 100}
    assert outcome.engine.counts.sent == 300


def test_the_copies_of_a_knock_are_apart_in_time_and_no_reset_is_ever_sent() -> None:
    moments: dict[bytes, list[int]] = {}
    hosts = Hosts(frozenset(), silent=True)

    def watch(clock: ManualClock) -> Callable[[MemoryRing, Frames], None]:
        def behave(ring: MemoryRing, frames: Frames) -> None:
            for row in frames.data:
                moments.setdefault(row[36:38].tobytes(), []).append(clock.monotonic_ns())
            hosts(ring, frames)

        return behave

    scan_hosts(watch, ports=range(1, 51))
    assert all(later - sooner >= 10_000_000 for times in moments.values() for sooner, later in itertools.pairwise(times))
    assert not hosts.resets


def test_answers_without_our_cookie_count_for_nothing() -> None:
    def forge(ring: MemoryRing, frames: Frames) -> None:
        out = replies(frames.data, np.full(len(frames), 0x12, dtype=np.uint8))
        out[:, 45] ^= 1
        ring.send(out, np.full(len(out), 54, dtype=np.uint16))

    outcome = scan_hosts(lambda _: forge, ports=range(1, 101))
    assert outcome.found == set()
    assert outcome.reasons == {Reason.NO_ANSWER: 100}
    assert outcome.engine.counts.received == 0


def test_garbage_for_answers_is_survived() -> None:
    random = np.random.default_rng(5)

    def babble(ring: MemoryRing, frames: Frames) -> None:
        noise = random.integers(0, 256, (len(frames), 120), dtype=np.uint8)
        noise[::2, :48] = frames.data[::2, :48]
        ring.send(noise, random.integers(14, 120, len(frames)).astype(np.uint16))

    outcome = scan_hosts(lambda _: babble, ports=range(1, 301))
    assert outcome.engine.is_done


def test_a_flood_of_duplicates_changes_nothing() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN, copies=200), duplicate=0.5)
    assert outcome.found == FOUND
    assert outcome.reasons == {Reason.SYN_ACK: 5, Reason.REFUSED: 995}
    assert outcome.engine.counts.duplicates + 1000 <= outcome.engine.counts.received


def test_knocks_that_the_kernel_does_not_take_are_made_again() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), refuse=0.5)
    assert outcome.found == FOUND
    assert outcome.reasons == {Reason.SYN_ACK: 5, Reason.REFUSED: 995}
    assert outcome.here.counters().send_failures > 0


def test_doors_asked_while_frames_were_lost_here_are_asked_again_and_not_called_filtered() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), receive_slots=100)
    assert outcome.found == FOUND
    assert outcome.loop.lost() > 0
    assert outcome.engine.counts.excused > 0
    assert outcome.reasons == {Reason.SYN_ACK: 5, Reason.REFUSED: 995}


def test_a_paced_host_gets_no_more_than_its_rate() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), host_rate=1000.0)
    assert outcome.found == FOUND
    assert outcome.seconds == pytest.approx(1.0, rel=0.1)


def test_each_host_has_a_pace_of_its_own() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), network="10.0.0.0/28", ports=range(1, 101), host_rate=1000.0)
    assert len(outcome.found) == 16 * 2
    assert outcome.seconds < 0.5


def test_a_scan_goes_on_from_any_place() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), first=600)
    assert outcome.reasons.total() == 400


def test_a_given_up_scan_says_so_of_the_doors_in_work() -> None:
    outcome = scan_hosts(lambda _: Hosts(frozenset(), silent=True), most_turns=3)
    outcome.engine.give_up(Reason.INTERFACE_GONE)
    settled = outcome.engine.harvest(outcome.clock.monotonic_ns() + 3_000_000_000)
    assert settled is not None
    assert Reason.INTERFACE_GONE in {list(Reason)[code] for code in settled.codes.tolist()}


def test_an_interface_that_vanishes_ends_the_scan_with_what_is_known() -> None:
    def vanish(outcome: Outcome) -> None:
        if outcome.engine.counts.received > 200:
            outcome.here.take_down()

    outcome = scan_hosts(lambda _: Hosts(OPEN), rate=2000.0, on_turn=vanish)
    assert outcome.loop.ended_by is not None
    assert outcome.reasons[Reason.REFUSED] >= 190


def test_more_doors_than_slots_pass_through_the_window() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), network="10.0.0.0/24", ports=range(1, 401), patience=Patience(most_knocks=3))
    assert len(outcome.found) == 256 * 2
    assert outcome.reasons.total() == 256 * 400
