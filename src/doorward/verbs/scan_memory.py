"""What of a scan is remembered: open doors as the probe's evidence, and where it looked, so that what it did not find is gone.

A host is remembered under the name or address by which it was scanned, seen from this machine. Doors that were open before and are not
now are told with what happened there instead; a door that could not be knocked at is unknown, and ends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from doorward.errors import StoreError
from doorward.scan.answer import SummaryLine
from doorward.scan.doorstates import DoorState
from doorward.scan.host_counts import FROM_THE_HOST, MOST_HOSTS
from doorward.scan.results import DoorResult
from doorward.scan.testimony import testify
from doorward.store.coverage import Coverage, cover_doors
from doorward.store.live_run import Run
from doorward.store.live_sqlite import Store
from doorward.values.addresses import Address
from doorward.values.clocks import Clock
from doorward.values.doors import Door, name_machine
from doorward.values.evidence import Evidence, Witness
from doorward.verbs.scan import Scan

__all__ = ["ScanMemory"]

_ALL_HOSTS: Final = 4096  # of so many addresses, those that stayed silent are noted as looked at, too; of more, only those that answered


class ScanMemory:
    """One scan on its way into memory; raises `StoreError` when it can't be opened. Hand `hear` every result, then call `end`."""

    def __init__(self, scan: Scan, database: Path, *, here: str, clock: Clock) -> None:
        self._scan = scan
        self._clock = clock
        self._here = here
        self._store = Store.open(database)
        try:
            self._known = {door for door in self._store.answering(vantage=here) if door.address in scan.plan.targets}
            self._run: Run = self._store.begin(verb="scan", machine=here, clock=clock, vantage=here, options={"ports": str(scan.ports)})
        except StoreError:
            self._store.close()
            raise
        self._known_hosts = {door.address for door in self._known}
        self._known_places = {(door.port, door.address) for door in self._known}  # a first sieve: most results are of none of them
        scan.followed |= self._known_hosts
        self._evidence: list[Evidence] = []

    def hear(self, result: DoorResult) -> None:
        """Take in a result: an open door, or what became of one that was."""
        is_open = result.reason.state is DoorState.OPEN
        if not is_open and (not self._known_places or (result.port, result.address) not in self._known_places):
            return
        machine = self._machine(result.address)
        if is_open or Door(machine, result.address, result.transport, result.port) in self._known:
            self._evidence += testify([result], machine=machine, at=self._clock.now(), vantage=self._here)

    def end(self, summary: SummaryLine | None) -> None:
        """Write it; without a summary, or with that of an interrupted scan, what was not found ends nothing."""
        finished = summary is not None and not summary.interrupted
        try:
            self._run.add(self._evidence)
            if finished and summary is not None:
                self._run.covered(Witness.PROBE, self._looked_at(summary))
            self._run.write(finished=finished)
        finally:
            self._store.close()

    def _machine(self, address: Address) -> str:
        return name_machine(self._scan.plan.targets.names.get(address) or str(address))

    def _looked_at(self, summary: SummaryLine) -> Iterator[Coverage]:
        """Everything where each door has a result that says something of the door itself."""
        targets = self._scan.plan.targets
        if targets.count > MOST_HOSTS or (self._scan.went_on and summary.states.get(DoorState.UNKNOWN)):
            yield from cover_doors((one.door for one in self._evidence if one.says != DoorState.UNKNOWN), vantage=self._here)
            return
        addresses: defaultdict[str, list[Address]] = defaultdict(list)
        for address in (targets[place] for place in range(targets.count)):
            if self._is_whole(address):
                addresses[self._machine(address)].append(address)
        for machine, own in addresses.items():
            yield Coverage(machine, self._scan.ports, tuple(own), self._here)

    def _is_whole(self, address: Address) -> bool:
        """Whether every door of a host was looked at, and the host is worth a line in the book."""
        targets, counts = self._scan.plan.targets, self._scan.hosts.of(address)
        if self._scan.went_on:  # counts are a part only, but no result of the whole scan was unknown
            return True
        if sum(counts.values()) < len(self._scan.ports) or self._scan.hosts.state_count(address, DoorState.UNKNOWN):
            return False
        return targets.count <= _ALL_HOSTS or not FROM_THE_HOST.isdisjoint(counts) or address in self._known_hosts
