"""How the doors of each host turned out, counted by reason; bounded, for a scan may have more hosts than memory. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from doorward.scan.doorstates import DoorState, Reason
from doorward.values.addresses import Address

__all__ = ["FROM_THE_HOST", "MOST_HOSTS", "HostCounts"]

#: Reasons that only the host itself can give: it is there.
FROM_THE_HOST: Final = frozenset(
    {
        Reason.ACCEPTED,
        Reason.ACCEPTED_THEN_RESET,
        Reason.REFUSED,
        Reason.SYN_ACK,
        Reason.ANSWERED,
        Reason.INIT_ACK,
        Reason.RESET_WITH_WINDOW,
        Reason.RESET_WITHOUT_WINDOW,
        Reason.PORT_CLOSED,
        Reason.ABORTED,
        Reason.RESET,
    }
)

#: A /16. Each host takes about 400 bytes; beyond, nothing is counted per host any more, and `HostCounts.is_whole` says so.
MOST_HOSTS: Final = 65_536


class HostCounts:
    """Results by host and reason."""

    __slots__ = ("_counts", "_last", "_last_counts", "is_whole")

    def __init__(self) -> None:
        self._counts: dict[Address, dict[Reason, int]] = {}
        self._last: Address | None = None  # most scans stay with one host for long, and hashing has its price
        self._last_counts: dict[Reason, int] | None = None
        self.is_whole = True  #: whether every result of every host is counted

    def note(self, address: Address, reason: Reason) -> None:
        """Count one result."""
        counts = self._last_counts if address is self._last else self._counts.get(address)
        if counts is None:
            if len(self._counts) >= MOST_HOSTS:
                self.is_whole = False
                return
            counts = self._counts[address] = {}
        self._last, self._last_counts = address, counts
        counts[reason] = counts.get(reason, 0) + 1

    def note_many(self, address: Address, reasons: dict[Reason, int]) -> None:
        """Count many results of one host."""
        for reason, count in reasons.items():
            self.note(address, reason)
            if address in self._counts:
                self._counts[address][reason] += count - 1

    def of(self, address: Address) -> dict[Reason, int]:
        """The results of one host; empty when none were counted."""
        return self._counts.get(address, {})

    def hosts(self) -> Iterator[Address]:
        """Every host of which a result was counted."""
        return iter(self._counts)

    def answering(self) -> set[Address]:
        """The hosts that answered anything themselves."""
        return {address for address, counts in self._counts.items() if not FROM_THE_HOST.isdisjoint(counts)}

    def state_count(self, address: Address, state: DoorState) -> int:
        """How many doors of a host are in ``state``."""
        return sum(count for reason, count in self.of(address).items() if reason.state is state)
