"""Rows of the book ↔ values; keeps doors and claims that were met before, for a thousand machines share most of them.

Content that no writer of ours can have written (an address that is none, JSON that isn't) is damage, and told as such.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from doorward.errors import DoorwardError
from doorward.store.coverage import Coverage, Look
from doorward.store.intervals import Ending, Interval, Standing
from doorward.store.live_file import damaged
from doorward.store.recall import Tally
from doorward.store.runs import RunRecord
from doorward.store.schema import claim_hash, moment_of, stamp_of
from doorward.store.testimony import Claim, Key, Passing
from doorward.values.addresses import Address
from doorward.values.doors import Door
from doorward.values.portsets import PortSet
from doorward.values.records import decode_json, encode_json
from doorward.values.transports import Transport

__all__ = ["COLUMNS", "Rows"]

#: What `Rows.interval` reads, of ``interval i JOIN door d JOIN claim c``.
COLUMNS = (
    "d.machine, d.address, d.transport, d.port, c.json, i.witness, i.vantage, i.valid_from, i.valid_to, i.last_seen, i.times,"
    " i.opened_entry, i.closed_entry, i.ending, i.passing"
)
_STANDING = (
    "SELECT i.id, i.door, i.witness, i.vantage, i.claim, i.last_seen, i.last_entry FROM door d JOIN interval i ON i.door = d.id"
    " WHERE d.machine = ? AND i.valid_to IS NULL"
)
_PASSING = msgspec.json.Decoder(Passing)
_MOMENTS = 4096


class Rows:
    """The rows of one open book."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._doors: dict[int, Door] = {}
        self._door_ids: dict[Door, int] = {}
        self._claims: dict[int, Claim] = {}
        self._places: dict[tuple[str, str, str, str, str, int], int] = {}
        self._documents: dict[str, Claim] = {}
        self._moments: dict[int, datetime.datetime] = {}

    def forget(self) -> None:
        """Forget the numbers of rows, after a transaction was taken back."""
        self._doors, self._door_ids, self._claims, self._places = {}, {}, {}, {}

    def standing(self, machines: Iterable[str]) -> Iterator[tuple[Key, Standing]]:
        """Yield every open interval of these machines."""
        for machine in machines:
            for row, door, witness, vantage, claim, last_seen, last_entry in self._connection.execute(_STANDING, (machine,)):
                key = (self._door(door), witness, vantage)
                yield key, Standing(row, self._claim(claim), self.moment(last_seen), last_entry)

    def interval(self, row: Sequence[object]) -> Interval:
        """Return the interval of a row of `COLUMNS`."""
        (machine, address, transport, port, document, witness, vantage, begin, end, seen, times, opened, closed, ending, passing) = row
        try:
            return Interval(
                door=self.door((machine, address, transport, port)),
                witness=str(witness),
                vantage=str(vantage),
                claim=self._decoded(str(document)),
                passing=_PASSING.decode(str(passing)),
                valid_from=self.moment(begin),
                valid_to=None if end is None else self.moment(end),
                last_seen=self.moment(seen),
                times=int(str(times)),
                opened_in=int(str(opened)),
                closed_in=None if closed is None else int(str(closed)),
                ending=None if ending is None else Ending(str(ending)),
            )
        except (ValueError, DoorwardError, msgspec.MsgspecError) as error:
            raise damaged("read the memory", self._path, str(error)) from error

    def tally(self, row: Sequence[object]) -> Tally:
        """Return the tally of a row ``machine, address, transport, port, witness, says, first, last, times``."""
        witness, says, first, last, times = row[4:]
        return Tally(self.door(row[:4]), str(witness), str(says), self.moment(first), self.moment(last), int(str(times)))

    def door(self, row: Sequence[object]) -> Door:
        """Return the door of a row ``machine, address, transport, port``."""
        try:
            return _door_of(*row)
        except (TypeError, ValueError, DoorwardError) as error:
            raise damaged("read the memory", self._path, str(error)) from error

    def run(self, row: Sequence[object], looks: Sequence[Look] = ()) -> RunRecord:
        """Return the run of a row ``id, verb, machine, vantage, options, started, ended, finished, entry``."""
        number, verb, machine, vantage, options, started, ended, finished, entry = row
        try:
            return RunRecord(
                id=int(str(number)),
                verb=str(verb),
                machine=str(machine),
                vantage=str(vantage),
                options=decode_json(str(options), dict[str, str]),
                started=self.moment(started),
                ended=None if ended is None else self.moment(ended),
                finished=bool(finished),
                entry=0 if entry is None else int(str(entry)),
                looks=list(looks),
            )
        except (ValueError, DoorwardError) as error:
            raise damaged("read the memory", self._path, str(error)) from error

    def looks(self, rows: Iterable[Sequence[object]]) -> list[Look]:
        """Return the looks of rows ``witness, vantage, machine, address, ports, complete, at``."""
        try:
            return [
                Look(
                    str(witness),
                    Coverage(
                        str(machine),
                        PortSet.parse(str(ports)) if ports else PortSet(),
                        (Address.parse(str(address)),) if address else (),
                        str(vantage),
                        bool(complete),
                    ),
                    self.moment(at),
                )
                for witness, vantage, machine, address, ports, complete, at in rows
            ]
        except (ValueError, DoorwardError) as error:
            raise damaged("read the memory", self._path, str(error)) from error

    def door_id(self, door: Door) -> int:
        """Return the number of a door's row, made when there is none."""
        known = self._door_ids.get(door)
        if known is None:
            words = (door.machine, door.transport.value, door.port, str(door.address))
            where = "machine = ? AND transport = ? AND port = ? AND address = ?"
            found = self._connection.execute(f"SELECT id FROM door WHERE {where}", words).fetchone()  # noqa: S608  # our own text
            if found is None:
                insert = "INSERT INTO door (machine, transport, port, address) VALUES (?, ?, ?, ?) RETURNING id"
                found = self._connection.execute(insert, words).fetchone()
            known = self._door_ids[door] = int(found[0])
            self._doors[known] = door
        return known

    def claim_id(self, claim: Claim) -> int:
        """Return the number of a claim's row, made when there is none."""
        document = encode_json(claim)
        name = claim_hash(document)
        found = self._connection.execute("SELECT id FROM claim WHERE hash = ?", (name,)).fetchone()
        if found is None:
            insert = "INSERT INTO claim (hash, says, json) VALUES (?, ?, ?) RETURNING id"
            found = self._connection.execute(insert, (name, claim.says, document)).fetchone()
        return int(found[0])

    def write_looks(self, run: int, looks: Iterable[Look]) -> None:
        """Write where a run's witnesses looked: a place per address; of two looks at one place the later counts."""
        rows = []
        for look in sorted(looks, key=lambda one: one.at):
            own, at = look.coverage, stamp_of(look.at)
            for address in [str(address) for address in own.addresses] or [""]:
                place = (own.machine, look.witness, own.vantage, address, str(own.ports), int(own.complete))
                rows.append((run, self._place_id(place), at))
        self._connection.executemany("INSERT OR REPLACE INTO coverage (run, place, at) VALUES (?, ?, ?)", rows)

    def moment(self, stamp: object) -> datetime.datetime:
        """Return the moment of a stamp; the same few stand in all rows of a run."""
        number = stamp if isinstance(stamp, int) else 0
        moment = self._moments.get(number)
        if moment is None:
            if len(self._moments) >= _MOMENTS:
                self._moments.clear()
            try:
                moment = self._moments[number] = moment_of(number)
            except OverflowError as error:
                raise damaged("read the memory", self._path, f"the moment {number} is in no year") from error
        return moment

    def _place_id(self, place: tuple[str, str, str, str, str, int]) -> int:
        known = self._places.get(place)
        if known is None:
            where = "machine = ? AND witness = ? AND vantage = ? AND address = ? AND ports = ? AND complete = ?"
            found = self._connection.execute(f"SELECT id FROM place WHERE {where}", place).fetchone()  # noqa: S608  # our own text
            if found is None:
                insert = "INSERT INTO place (machine, witness, vantage, address, ports, complete) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
                found = self._connection.execute(insert, place).fetchone()
            known = self._places[place] = int(found[0])
        return known

    def _door(self, number: int) -> Door:
        door = self._doors.get(number)
        if door is None:
            row = self._connection.execute("SELECT machine, address, transport, port FROM door WHERE id = ?", (number,)).fetchone()
            door = self._doors[number] = self.door(row or ())
            self._door_ids[door] = number
        return door

    def _claim(self, number: int) -> Claim:
        claim = self._claims.get(number)
        if claim is None:
            row = self._connection.execute("SELECT json FROM claim WHERE id = ?", (number,)).fetchone()
            try:
                claim = self._claims[number] = self._decoded(row[0])
            except (TypeError, DoorwardError) as error:
                raise damaged("read the memory", self._path, str(error)) from error
        return claim

    def _decoded(self, document: str) -> Claim:
        claim = self._documents.get(document)
        if claim is None:
            claim = self._documents[document] = decode_json(document, Claim)
        return claim


def _door_of(machine: object, address: object, transport: object, port: object) -> Door:
    return Door(str(machine), Address.parse(str(address)), Transport(str(transport)), int(str(port)))
