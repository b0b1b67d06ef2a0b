"""What is remembered of a machine's doors, as a plain value that a judge can be handed; knows no database.

"Nobody came through" means little after one look and much after sixty: the past says how often somebody looked, and since when.
"""

from __future__ import annotations

import datetime

import msgspec

from doorward.values.doors import Door

__all__ = ["NOTHING_REMEMBERED", "DoorPast", "Past"]


class DoorPast(msgspec.Struct, frozen=True):
    """What is remembered of one door; counts are of looks, and only looks that could see are counted."""

    door: Door
    first_seen: datetime.datetime  #: when any witness first found it there, UTC
    last_seen: datetime.datetime  #: when any witness last found it there, UTC
    audits_seen: int = 0  #: times the kernel's table showed it listening
    audits_covering: int = 0  #: times the use witness looked at it and could see
    audits_used: int = 0  #: of these, the times somebody was coming through
    last_used: datetime.datetime | None = None  #: the last of these; ``None`` when it was never seen used

    @property
    def was_used(self) -> bool:
        """Whether anybody was ever seen coming through."""
        return self.audits_used > 0


class Past(msgspec.Struct, frozen=True):
    """What is remembered of one machine before the audit in hand; empty when nothing is."""

    machine: str = ""
    audits: int = 0  #: finished audits remembered
    first_audit: datetime.datetime | None = None  #: when the first of them began, UTC
    last_audit: datetime.datetime | None = None  #: when the last of them ended, UTC
    doors: dict[Door, DoorPast] = {}

    def of(self, door: Door) -> DoorPast | None:
        """Return what is remembered of ``door``, or ``None`` for a door never met."""
        return self.doors.get(door)

    def span_s(self, now: datetime.datetime) -> float:
        """Return how far memory reaches back from ``now``, in seconds; 0 without any finished audit."""
        return max(0.0, (now - self.first_audit).total_seconds()) if self.first_audit is not None else 0.0


NOTHING_REMEMBERED = Past()
