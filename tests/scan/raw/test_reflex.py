from __future__ import annotations

import pytest

from doorward.scan.raw.reflex import SAMPLED, Exchange, answers_everywhere, is_reflex, is_suspicious, sample_ports

MUTE = Exchange(connected=True)
TAKER = Exchange(connected=True, acknowledged=True)
SPEAKER = Exchange(connected=True, acknowledged=True, said=b"SSH-2.0-x\r\n")


def test_ports_are_drawn_by_lot_and_are_none_that_was_found() -> None:
    drawn = sample_ports(1, set())
    assert len(set(drawn)) == SAMPLED
    assert all(20_000 <= port <= 60_999 for port in drawn)
    assert sample_ports(2, set()) != drawn
    assert not set(sample_ports(1, set(drawn))) & set(drawn)


@pytest.mark.parametrize(("opened", "asked", "expected"), [(1, 1, True), (1, 3, False), (20, 65535, False), (65535, 65535, True)])
def test_suspicion_is_a_matter_of_share(opened: int, asked: int, expected: bool) -> None:
    assert is_suspicious(opened, asked) is expected


def test_a_host_answers_everywhere_when_all_but_one_of_the_drawn_ports_do() -> None:
    assert answers_everywhere([MUTE] * 4)
    assert answers_everywhere([MUTE] * 3 + [Exchange()])
    assert not answers_everywhere([MUTE] * 2 + [Exchange()] * 2)
    assert not answers_everywhere([])


@pytest.mark.parametrize(
    ("door", "sampled", "expected"),
    [
        (Exchange(), MUTE, True),
        (MUTE, MUTE, True),
        (TAKER, MUTE, False),
        (TAKER, TAKER, True),
        (SPEAKER, TAKER, False),
        (SPEAKER, SPEAKER, True),
    ],
)
def test_a_door_is_judged_by_what_it_does_with_data(door: Exchange, sampled: Exchange, expected: bool) -> None:
    assert is_reflex(door, [sampled] * 4) is expected
