from __future__ import annotations

from doorward.scan import host_counts
from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.host_counts import HostCounts
from doorward.values.addresses import Address

HERE, THERE = Address.parse("10.0.0.1"), Address.parse("10.0.0.2")


def test_results_are_counted_by_host_and_reason() -> None:
    counts = HostCounts()
    for reason in (Reason.ACCEPTED, Reason.REFUSED, Reason.REFUSED):
        counts.note(HERE, reason)
    counts.note(THERE, Reason.NO_ANSWER)
    assert counts.of(HERE) == {Reason.ACCEPTED: 1, Reason.REFUSED: 2}
    assert counts.of(Address.parse("10.0.0.3")) == {}
    assert counts.state_count(HERE, DoorState.CLOSED) == 2
    assert counts.answering() == {HERE}
    assert set(counts.hosts()) == {HERE, THERE}
    assert counts.is_whole


def test_memory_is_bounded_and_says_so(monkeypatch: object) -> None:
    counts = HostCounts()
    for number in range(host_counts.MOST_HOSTS + 1):
        counts.note(Address(number.to_bytes(4, "big")), Reason.REFUSED)
    assert not counts.is_whole
    assert len(list(counts.hosts())) == host_counts.MOST_HOSTS
