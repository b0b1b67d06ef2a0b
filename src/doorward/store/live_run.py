"""One run as it is remembered: gathers in memory what was heard, and writes it in one transaction at the end.

The run's own row is written when it begins. So a kill at any moment loses at most the run in hand, leaves the book as it was, and
leaves a trace that a run began there and never ended.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from doorward.store.coverage import Coverage, Look
from doorward.store.intervals import Weighing, weigh
from doorward.store.live_file import explained, transaction
from doorward.store.live_rows import Rows
from doorward.store.schema import stamp_of
from doorward.store.testimony import Passing, Testimony, of_evidence, of_verdict
from doorward.values.clocks import Clock
from doorward.values.evidence import Evidence, Witness
from doorward.values.printable import printable
from doorward.values.records import encode_json
from doorward.values.verdicts import Verdict

__all__ = ["Run"]

_PASSING = msgspec.json.Encoder(order="deterministic")  # its words are printable already, so nothing is left to escape
_WRITING = "remember the audit in"


class Run:
    """A run in hand, made by `Store.run`; hand it what witnesses say, and where they looked."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        rows: Rows,
        path: Path,
        *,
        verb: str,
        machine: str,
        clock: Clock,
        vantage: str,
        options: Mapping[str, str],
    ) -> None:
        self._connection, self._rows, self._path, self._clock = connection, rows, path, clock
        self._told: list[Testimony] = []
        self._looks: list[Look] = []
        words = (verb, printable(machine, 255), printable(vantage, 255), encode_json(dict(options)), stamp_of(clock.now()))
        with explained(_WRITING, path), transaction(connection):
            self._began_after = _last_entry(connection)
            insert = "INSERT INTO run (verb, machine, vantage, options, started) VALUES (?, ?, ?, ?, ?) RETURNING id"
            self.id: int = connection.execute(insert, words).fetchone()[0]

    def add(self, evidence: Iterable[Evidence]) -> None:
        """Hear envelopes. Evidence of certainty *unknown* says only that its witness could not see."""
        self._told.extend(of_evidence(one) for one in evidence)

    def add_verdicts(self, verdicts: Iterable[Verdict]) -> None:
        """Remember judgements, as if the judge were one more witness."""
        now = self._clock.now()
        self._told.extend(of_verdict(one, now) for one in verdicts)

    def covered(self, witness: Witness | str, coverage: Coverage | Iterable[Coverage], at: datetime.datetime | None = None) -> None:
        """Note where a witness looked: what it did not find there is absent. Without this, nothing it left unsaid means anything."""
        moment = at if at is not None else self._clock.now()
        for place in [coverage] if isinstance(coverage, Coverage) else coverage:
            self._looks.append(Look(str(witness), place, moment))

    def write(self, *, finished: bool) -> None:
        """Write everything heard, in one transaction; when not ``finished``, what wasn't found closes nothing."""
        with explained(_WRITING, self._path):
            try:
                with transaction(self._connection):
                    self._write(finished=finished)
            except BaseException:
                self._rows.forget()
                raise

    def _write(self, *, finished: bool) -> None:
        machines = {testimony.key[0].machine for testimony in self._told} | {look.coverage.machine for look in self._looks}
        known = dict(self._rows.standing(sorted(machines)))
        weighing = weigh(known, self._told, self._looks if finished else (), began_after=self._began_after)
        entry = _last_entry(self._connection) + 1
        self._write_weighing(weighing, entry)
        if finished:
            self._rows.write_looks(self.id, self._looks)
        update = "UPDATE run SET ended = ?, finished = ?, entry = ? WHERE id = ?"
        self._connection.execute(update, (stamp_of(self._clock.now()), int(finished), entry, self.id))

    def _write_weighing(self, weighing: Weighing, entry: int) -> None:
        execute_many = self._connection.executemany
        execute_many(
            "UPDATE interval SET valid_to = ?, ending = ?, closed_entry = ? WHERE id = ?",
            [(stamp_of(closing.at), closing.ending.value, entry, closing.row) for closing in weighing.closings],
        )
        execute_many(
            "UPDATE interval SET last_seen = ?, last_entry = ?, passing = ?, times = times + 1 WHERE id = ?",
            [(stamp_of(one.at), entry, _document(one.passing), one.row) for one in weighing.extensions],
        )
        execute_many(
            "INSERT INTO interval (door, witness, vantage, claim, valid_from, last_seen, opened_entry, last_entry, passing)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (self._rows.door_id(door), witness, vantage, self._rows.claim_id(one.claim), at, at, entry, entry, _document(one.passing))
                for one in weighing.openings
                for door, witness, vantage in (one.key,)
                for at in (stamp_of(one.at),)
            ],
        )


def _last_entry(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(entry), 0) FROM run").fetchone()[0])


def _document(passing: Passing) -> str:
    return _PASSING.encode(passing).decode()
