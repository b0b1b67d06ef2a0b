from __future__ import annotations

import pytest

from doorward.scan.doorstates import Reason
from raw_hosts import Hosts, Outcome, scan_hosts

OPEN = frozenset({22, 80})


def test_a_wish_to_stop_keeps_what_is_known() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), rate=20_000.0, most_turns=300)
    assert not outcome.engine.is_done
    known = outcome.reasons.total() + (len(outcome.loop.beyond) if outcome.loop.beyond is not None else 0)
    assert known >= outcome.engine.counts.received > 0


def test_a_rate_is_kept() -> None:
    outcome = scan_hosts(lambda _: Hosts(OPEN), rate=2000.0)
    assert outcome.seconds == pytest.approx(0.5, rel=0.1)


def test_time_that_leaps_ahead_makes_no_door_filtered() -> None:
    def leap(outcome: Outcome) -> None:
        if outcome.engine.counts.sent == 400:
            outcome.clock.advance(3600)

    outcome = scan_hosts(lambda _: Hosts(OPEN), rate=10_000.0, on_turn=leap)
    assert outcome.reasons == {Reason.SYN_ACK: 2, Reason.REFUSED: 998}


def test_the_same_seed_gives_the_same_frames() -> None:
    one, two = (scan_hosts(lambda _: Hosts(OPEN), lose=0.1, seed=3) for _ in range(2))
    assert one.engine.counts == two.engine.counts
    assert one.seconds == two.seconds
