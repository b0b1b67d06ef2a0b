"""Keeps a connect scan's place in its files while it goes, and leads it back there; joins plan, results and `ResumeFile`.

A file that can't be written any more ends the keeping, not the scan: the caller is told once, at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from doorward.errors import WorldError
from doorward.scan.answer import DoorLine
from doorward.scan.doorstates import Reason
from doorward.scan.live_resumption import ResumeFile
from doorward.scan.plan import Plan
from doorward.scan.results import DoorResult, Tally
from doorward.scan.resumption import ScanState, Settling
from doorward.values.addresses import Address

__all__ = ["ScanJournal"]

_COUNTERS = ("knocks", "answers", "again", "met_ourselves", "held_up")  # of `Tally`; the others follow from the results


class ScanJournal:
    """One scan's journal; hand `doors` to the engine, and every result to `note`."""

    def __init__(self, plan: Plan, file: ResumeFile) -> None:
        self._plan = plan
        self._file = file
        self._settling = Settling(plan.count, file.state.settled, file.state.reasons)
        self._began_at = file.state.settled
        self._earlier_s = file.state.seconds
        self._places: dict[tuple[Address, int], int] = {}
        self._known = {(door.address, door.port): door.reason for door in file.found}
        self._tally = Tally()
        self.trouble: WorldError | None = None  #: why it is no longer written
        self.reasons: Counter[Reason] = Counter({Reason(name): count for name, count in file.state.reasons.items()})

    @property
    def found(self) -> list[DoorLine]:
        """The doors that were found before the scan was last stopped."""
        return self._file.found

    @property
    def goes_on(self) -> bool:
        """Whether anything was done before."""
        return bool(self._file.found) or self._began_at > 0

    @property
    def earlier_s(self) -> float:
        """Seconds that were spent before."""
        return self._earlier_s

    def follow(self, tally: Tally) -> None:
        """Let ``tally`` go on from where it stood."""
        for name in _COUNTERS:
            setattr(tally, name, self._file.state.counters.get(name, 0))
        tally.done = self._settling.settled
        self._tally = tally

    def doors(self) -> Iterator[tuple[Address, int]]:
        """Yield the doors that are left, in the plan's order; those found before are counted and not asked again."""
        for place, door in enumerate(self._plan.doors(self._settling.settled), start=self._settling.settled):
            reason = self._known.get(door)
            if reason is None:
                self._places[door] = place
                yield door
            else:
                self.reasons[reason] += 1
                self._tally.done += 1
                self._settling.note(place, reason)

    def note(self, result: DoorResult) -> None:
        """Take in a result, after `keep` had its line."""
        self.reasons[result.reason] += 1
        self._settling.note(self._places.pop((result.address, result.port)), result.reason)

    def keep(self, line: DoorLine) -> None:
        """Write a found door down, so that no kill can take it back."""
        if self.trouble is None:
            try:
                self._file.keep(line)
            except WorldError as error:
                self.trouble = error

    def save(self, seconds: float, *, at_once: bool = False) -> None:
        """Write down how far the scan is; at most once a second, unless ``at_once``."""
        if self.trouble is not None or not (at_once or self._file.is_due):
            return
        old = self._file.state
        try:
            self._file.save(
                ScanState(
                    identity=old.identity,
                    key=old.key,
                    doors=old.doors,
                    settled=self._settling.settled,
                    reasons={str(reason): count for reason, count in self._settling.reasons.items()},
                    counters={name: getattr(self._tally, name) for name in _COUNTERS},
                    seconds=round(seconds, 3),
                ),
                at_once=at_once,
            )
        except WorldError as error:
            self.trouble = error

    def close(self, *, is_done: bool) -> None:
        """End the keeping; when the results of the whole scan are handed over, nothing is left to go on with."""
        if is_done and self.trouble is None:
            self._file.finish()
        else:
            self._file.close()
