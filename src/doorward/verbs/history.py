"""The timeline of one door, as it is remembered."""

from __future__ import annotations

from pathlib import Path

from doorward.errors import StoreError
from doorward.store.answers import HistoryAnswer
from doorward.store.history import histories
from doorward.store.live_sqlite import Store
from doorward.store.wanted import WantedDoor, parse_wanted
from doorward.values.clocks import Clock
from doorward.values.portsets import NameLookup
from doorward.verbs.changes import remembered_runs

__all__ = ["history"]


def history(database: Path, machine: str, door: str, *, names: NameLookup | None = None, clock: Clock) -> HistoryAnswer:
    """Tell what is remembered of ``door``, as a person writes it; ``names`` looks up services.

    Raises `CallError` for what is no door, `StoreError` when nothing is remembered of it or the file can't be read.
    """
    wanted = parse_wanted(door, names)
    own = wanted.machine or machine
    with Store.open_existing(database) as store:
        audits = remembered_runs(store, own.partition("#")[0])
        intervals = [interval for transport, port in wanted.ports for interval in store.at_port(own, transport.value, port)]
    found = histories(intervals, wanted)
    if not found:
        raise StoreError("tell the history of", door, why=f"no {audits[0].verb} of {own} has met it", remedy=_remedy(wanted))
    return HistoryAnswer(
        machine=own,
        asked=door,
        now=clock.now(),
        audits=len(audits),
        remembers_since=audits[0].started,
        doors=found,
        compared=audits[0].verb,
    )


def _remedy(wanted: WantedDoor) -> str:
    port = wanted.ports[0][1]
    return f"What is there now: doorward sockets 'port {port}'; what the port is for: doorward ports {port}"
