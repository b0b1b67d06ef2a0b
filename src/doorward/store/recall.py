"""What is remembered of a machine's doors as the `Past` that the audit is handed; knows tallies of intervals, no SQL."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

import msgspec

from doorward.store.intervals import LISTENS, OPEN
from doorward.store.runs import RunRecord
from doorward.values.doors import Door
from doorward.values.evidence import Witness
from doorward.values.past import DoorPast, Past

__all__ = ["Tally", "past_of"]

USED = "used"


class Tally(msgspec.Struct, frozen=True):
    """All intervals of one door in which one witness said one thing, added up."""

    door: Door
    witness: str
    says: str
    first: datetime.datetime
    last: datetime.datetime
    times: int

    @property
    def shows_door(self) -> bool:
        """Whether it says that a door was there."""
        return (self.witness, self.says) in ((Witness.SOCKET, LISTENS), (Witness.PROBE, OPEN))


def past_of(machine: str, audits: Sequence[RunRecord], tallies: Iterable[Tally]) -> Past:
    """Return the past of ``machine``; ``audits`` are its finished ones, in the order in which they were written."""
    by_door: dict[Door, list[Tally]] = {}
    for tally in tallies:
        by_door.setdefault(tally.door, []).append(tally)
    ends = [audit.ended for audit in audits if audit.ended is not None]
    return Past(
        machine,
        len(audits),
        min((audit.started for audit in audits), default=None),
        max(ends, default=None),
        {door: _door_past(door, own) for door, own in by_door.items() if any(tally.shows_door for tally in own)},
    )


def _door_past(door: Door, tallies: Sequence[Tally]) -> DoorPast:
    shown = [tally for tally in tallies if tally.shows_door]
    looks = [tally for tally in tallies if tally.witness == Witness.USE]
    used = [tally for tally in looks if tally.says == USED]
    return DoorPast(
        door,
        first_seen=min(tally.first for tally in shown),
        last_seen=max(tally.last for tally in shown),
        audits_seen=sum(tally.times for tally in shown if tally.witness == Witness.SOCKET),
        audits_covering=sum(tally.times for tally in looks),
        audits_used=sum(tally.times for tally in used),
        last_used=max((tally.last for tally in used), default=None),
    )
