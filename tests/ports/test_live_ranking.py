from __future__ import annotations

import pytest

from doorward.ports.live_list import port_list
from doorward.ports.live_ranking import ranking
from doorward.values.transports import Transport


@pytest.mark.parametrize("transport", [Transport.TCP, Transport.UDP])
def test_every_number_stands_once_and_votes_never_rise(transport: Transport) -> None:
    ranked = ranking().tcp if transport is Transport.TCP else ranking().udp
    ports = [port for port, _ in ranked]
    votes = [count for _, count in ranked]
    assert len(set(ports)) == len(ports) > 400
    assert votes == sorted(votes, reverse=True)
    assert all(0 < port < 65536 for port in ports)


def test_the_doors_that_everybody_meets_lead() -> None:
    assert {22, 25, 53, 80, 110, 143, 443, 445, 993} <= set(ranking().top(Transport.TCP, 20))
    assert {53, 123, 137, 161, 500, 5353} <= set(ranking().top(Transport.UDP, 20))


def test_every_noted_service_is_ranked() -> None:
    """Our notes are a vote: a number that we wrote of can't be missing."""
    ranked = {port for port, _ in ranking().tcp}
    noted = {first for note in port_list().notes for own, first, _ in note.ports.ranges if own is Transport.TCP}
    assert len(noted - ranked) <= len(noted) // 50  # neighbours written one by one are one range to a port set


def test_each_source_has_its_version() -> None:
    assert len(ranking().sources) == 7
    assert all(source.version and source.ports >= 20 for source in ranking().sources)
