"""The store: one SQLite file in which evidence is remembered as intervals of validity; knows envelopes, and no room that made them.

    with Store.open(path) as store, store.run(verb="audit", machine="laptop", clock=clock) as run:
        run.add(evidence)
        run.add_verdicts(verdicts)
        run.covered(Witness.SOCKET, Coverage("laptop"))

A second process may read at any time (write-ahead log). Writing waits `BUSY_S` for another writer, then says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from doorward.errors import StoreError
from doorward.store.coverage import Look
from doorward.store.intervals import Interval
from doorward.store.live_file import BUSY_S, connect, explained
from doorward.store.live_rows import COLUMNS, Rows
from doorward.store.live_run import Run
from doorward.store.recall import past_of
from doorward.store.runs import RunRecord
from doorward.values.clocks import Clock
from doorward.values.doors import Door
from doorward.values.past import Past

__all__ = ["Store"]

_READING = "read the memory in"
_RUN = "id, verb, machine, vantage, options, started, ended, finished, entry"
# A machine and its namespaces (laptop, laptop#web): "$" is the character after "#". Not LIKE, for a name may hold its wildcards.
_OWN = "(d.machine = :machine OR (d.machine >= :machine || '#' AND d.machine < :machine || '$'))"
_JOINED = "interval i JOIN door d ON d.id = i.door JOIN claim c ON c.id = i.claim"
_LOOK = "d.witness, d.vantage, d.machine, d.address, d.ports, d.complete"
_PAST = f"""SELECT d.machine, d.address, d.transport, d.port, i.witness, c.says, min(i.valid_from), max(i.last_seen), sum(i.times)
    FROM {_JOINED} WHERE {_OWN} AND i.witness IN ('socket', 'probe', 'use') GROUP BY i.door, i.witness, c.says"""  # noqa: S608  # our own text
_TOUCHED = f"""WITH moved (door) AS (
        SELECT door FROM interval WHERE opened_entry > :base AND opened_entry <= :end
        UNION SELECT door FROM interval WHERE closed_entry > :base AND closed_entry <= :end),
    place (machine, transport, port) AS (
        SELECT DISTINCT d.machine, d.transport, d.port FROM moved JOIN door d ON d.id = moved.door WHERE :machine = '' OR {_OWN})
    SELECT {COLUMNS} FROM place JOIN door d USING (machine, transport, port)
        JOIN interval i ON i.door = d.id JOIN claim c ON c.id = i.claim
        WHERE i.opened_entry <= :end AND (i.closed_entry IS NULL OR i.closed_entry > :base)
        ORDER BY i.opened_entry, i.id"""  # noqa: S608  # our own text
_STOOD = "{0}.opened_entry <= :end AND ({0}.closed_entry IS NULL OR {0}.closed_entry > :end)"
_LISTENING = f"""SELECT DISTINCT d.machine, d.address, d.transport, d.port FROM {_JOINED}
    WHERE {_OWN} AND i.witness = 'socket' AND c.says = 'listens' AND {_STOOD.format("i")}
        AND NOT EXISTS (SELECT 1 FROM interval v JOIN claim w ON w.id = v.claim
            WHERE v.door = i.door AND v.witness = 'verdict' AND w.says = 'ordinary port' AND {_STOOD.format("v")})"""  # noqa: S608  # our own text

_ANSWERING = f"""SELECT DISTINCT d.machine, d.address, d.transport, d.port FROM {_JOINED}
    WHERE i.witness = 'probe' AND c.says = 'open' AND (:machine = '' OR d.machine = :machine)
        AND (:vantage = '' OR i.vantage = :vantage) AND {_STOOD.format("i")}"""  # noqa: S608  # our own text


class Store:
    """An open database; close it, or use it as a context manager."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path
        self._rows = Rows(connection, path)

    @classmethod
    def open(cls, path: Path, *, busy_s: float = BUSY_S) -> Store:
        """Open the database for remembering, made (0600, in a folder 0700) when it isn't there; raises `StoreError`."""
        return cls(connect(path, writing=True, busy_s=busy_s), path)

    @classmethod
    def open_existing(cls, path: Path, *, busy_s: float = BUSY_S) -> Store:
        """Open a database that must be there; raises `StoreError` that says how to begin one."""
        return cls(connect(path, writing=False, busy_s=busy_s), path)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the last one to close folds the write-ahead log into it."""
        with suppress(sqlite3.Error):  # everything is committed; the log is folded in by whoever opens next
            self._connection.close()

    @contextmanager
    def run(
        self, *, verb: str, machine: str, clock: Clock, vantage: str = "this machine", options: Mapping[str, str] | None = None
    ) -> Iterator[Run]:
        """Remember one run: written as a whole when the block ends.

        A block that raises leaves a run marked unfinished: its positive evidence is kept, and nothing is closed by absence.
        """
        run = self.begin(verb=verb, machine=machine, clock=clock, vantage=vantage, options=options)
        try:
            yield run
        except BaseException:
            with suppress(StoreError):  # the block's own error is the one to hear of
                run.write(finished=False)
            raise
        run.write(finished=True)

    def begin(
        self, *, verb: str, machine: str, clock: Clock, vantage: str = "this machine", options: Mapping[str, str] | None = None
    ) -> Run:
        """Begin a run whose end is written by the caller, with `Run.write`; for runs that don't fit in a block."""
        return Run(self._connection, self._rows, self.path, verb=verb, machine=machine, clock=clock, vantage=vantage, options=options or {})

    def past(self, machine: str) -> Past:
        """Return what is remembered of a machine and its namespaces, for the audit to be handed."""
        audits = self.finished_runs(machine)
        with explained(_READING, self.path):
            return past_of(machine, audits, [self._rows.tally(row) for row in self._connection.execute(_PAST, {"machine": machine})])

    def finished_runs(self, machine: str, verb: str = "audit") -> list[RunRecord]:
        """Return the finished runs of a machine in the order in which they were written, without their looks."""
        sql = f"SELECT {_RUN} FROM run WHERE machine = ? AND verb = ? AND finished = 1 ORDER BY entry"  # noqa: S608  # our own text
        with explained(_READING, self.path):
            return [self._rows.run(row) for row in self._connection.execute(sql, (machine, verb))]

    def runs_at(self, machine: str, verb: str) -> list[RunRecord]:
        """Return the finished runs that looked at a machine, whoever made them, in the order in which they were written."""
        sql = (
            f"SELECT {_RUN} FROM run WHERE verb = ? AND finished = 1 AND id IN"  # noqa: S608  # our own text
            " (SELECT c.run FROM coverage c JOIN place d ON d.id = c.place WHERE d.machine = ?) ORDER BY entry"
        )
        with explained(_READING, self.path):
            return [self._rows.run(row) for row in self._connection.execute(sql, (verb, machine))]

    def answering(self, *, machine: str = "", vantage: str = "", end: int | None = None) -> list[Door]:
        """Return the doors that a probe found open, now or when entry ``end`` was written; empty: of every machine, from every vantage."""
        words = {"machine": machine, "vantage": vantage, "end": end if end is not None else 1 << 62}
        with explained(_READING, self.path):
            return [self._rows.door(row) for row in self._connection.execute(_ANSWERING, words)]

    def machines(self) -> list[str]:
        """Return the machines that were audited or scanned, by name."""
        sql = (
            "SELECT machine FROM run WHERE finished = 1 AND verb <> 'scan'"
            " UNION SELECT p.machine FROM run JOIN coverage c ON c.run = run.id JOIN place p ON p.id = c.place WHERE run.verb = 'scan'"
            " ORDER BY machine"
        )
        with explained(_READING, self.path):
            return [str(row[0]) for row in self._connection.execute(sql)]

    def looks_of(self, run: RunRecord) -> list[Look]:
        """Return where the witnesses of a run looked."""
        sql = f"SELECT {_LOOK}, c.at FROM coverage c JOIN place d ON d.id = c.place WHERE c.run = ?"  # noqa: S608  # our own text
        with explained(_READING, self.path):
            return self._rows.looks(self._connection.execute(sql, (run.id,)))

    def first_looks(self, machine: str) -> list[tuple[int, Look]]:
        """Return every place of a machine and its namespaces where was looked, each with the entry of the first run that did."""
        sql = (
            f"SELECT {_LOOK}, min(c.at), min(run.entry) FROM place d JOIN coverage c ON c.place = d.id"  # noqa: S608  # our own text
            f" JOIN run ON run.id = c.run WHERE {_OWN} AND d.witness IN ('socket', 'probe') AND run.entry IS NOT NULL GROUP BY d.id"
        )
        with explained(_READING, self.path):
            rows = self._connection.execute(sql, {"machine": machine}).fetchall()
            return list(zip([int(row[-1]) for row in rows], self._rows.looks(row[:-1] for row in rows), strict=True))

    def touched(self, machine: str, base: int, end: int) -> list[Interval]:
        """Return the intervals that explain what changed after entry ``base``, up to and with entry ``end``.

        These are all that held at any time in between, for every port on which one began or ended. What ended after ``end`` is
        still open then. An empty ``machine`` means all of them.
        """
        with explained(_READING, self.path):
            rows = self._connection.execute(_TOUCHED, {"machine": machine, "base": base, "end": end})
            return [self._rows.interval(row).as_of(end) for row in rows]

    def listening(self, machine: str, end: int) -> list[Door]:
        """Return the doors on which a process listened when entry ``end`` was written, without clients' own ports."""
        with explained(_READING, self.path):
            return [self._rows.door(row) for row in self._connection.execute(_LISTENING, {"machine": machine, "end": end})]

    def at_port(self, machine: str, transport: str, port: int) -> list[Interval]:
        """Return every interval of one port of a machine and its namespaces, oldest first."""
        sql = (
            f"SELECT {COLUMNS} FROM {_JOINED} WHERE {_OWN} AND d.transport = :transport AND d.port = :port"  # noqa: S608  # our own text
            " ORDER BY i.valid_from, i.id"
        )
        with explained(_READING, self.path):
            words = {"machine": machine, "transport": transport, "port": port}
            return [self._rows.interval(row) for row in self._connection.execute(sql, words)]
