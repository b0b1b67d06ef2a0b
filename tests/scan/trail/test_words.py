from __future__ import annotations

import pytest

from doorward.scan.trail.conclusion import Ending, conclude
from doorward.scan.trail.words import count_hops, explain
from trails import HOST, PING, TCP, TCP_TOO, trail


@pytest.mark.parametrize(
    ("door", "controls", "words"),
    [
        (trail("1 2 9!accepted", direct="9!accepted"), [], "The door is open; 3 hops away."),
        (
            trail("9!refused", direct="9!refused"),
            [],
            "closed; it is the next machine, with no router between. Knocks get there, and nothing",
        ),
        (trail("1 2 *"), [trail("2 3 9!refused", TCP_TOO, first=2)], "vanish after 10.0.0.2; a knock at TCP port 33434 gets to the host."),
        (trail("1 2 *"), [trail("2 3 *", TCP_TOO, first=2)], "vanish after 10.0.0.2; a knock at TCP port 33434 gets to 10.0.0.3."),
        (trail("1 2 *"), [trail("2 *", PING, first=2)], "Knocks stop after 10.0.0.2, 2 hops away. So does ping."),
        (trail("* *"), [trail("* *", PING)], "not even from the first router. The same goes for ping."),
        (trail("1 2 2!prohibited"), [], "10.0.0.2, 2 hops away, refuses: its rules forbid it (ICMP 'administratively prohibited')."),
        (trail("1 9!port-unreachable"), [], "The host itself refuses: its rules reject it (ICMP 'port unreachable')."),
        (trail("1 2 *", direct="2!host-unreachable"), [], "10.0.0.2, the last router that knocks reach, finds nobody at 10.0.0.9."),
        (trail("1 2 1 2 1"), [], "in circles: 10.0.0.1 → 10.0.0.2 and again."),
        (trail("", direct="!no-neighbour"), [], "Nobody on this machine's own link has the address 10.0.0.9."),
        (trail("", direct="!no-route"), [], "No knock left this machine: this machine has no route there."),
        (trail("1 9 9!accepted", direct="9!accepted"), [], "10.0.0.9 is a gateway that hands this door to a machine behind it"),
    ],
)
def test_sentences(door: object, controls: object, words: str) -> None:
    told = explain(conclude(HOST, door, controls), HOST, TCP)  # type: ignore[arg-type]
    assert words in told.sentence
    assert told.meaning


def test_own_doors_have_no_way() -> None:
    told = explain(conclude(HOST, trail("9!accepted", direct="9!accepted")), HOST, TCP, is_own=True)
    assert "knocks never leave it" in told.meaning


def test_where_the_filter_may_stand() -> None:
    before = explain(conclude(HOST, trail("1 2 *"), [trail("2 3 9!refused", TCP_TOO, first=2)]), HOST, TCP)
    assert "in 10.0.0.2 where it passes packets on, or in 10.0.0.3, the next hop" in before.meaning
    assert "The rule is about this port" in before.meaning
    at_host = explain(conclude(HOST, trail("1 2 *"), [trail("2 9!accepted", PING, first=2)]), HOST, TCP)
    assert "on the host itself, or in 10.0.0.2" in at_host.meaning
    near = explain(conclude(HOST, trail("* *"), [trail("9!accepted", PING)]), HOST, TCP)
    assert "on the host itself, which is the next machine" in near.meaning


def test_every_ending_has_words() -> None:
    from doorward.scan.trail import words

    assert set(words._EXPLAINED) == set(Ending)


@pytest.mark.parametrize(("count", "words"), [(1, "1 hop"), (4, "4 hops"), (None, "an unknown number of hops")])
def test_counts(count: int | None, words: str) -> None:
    assert count_hops(count) == words
