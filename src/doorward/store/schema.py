"""The book's shape as SQL, version by version; knows no connection and runs nothing.

One file, six tables. A *claim* (what lasts of a testimony) is interned by the hash of its JSON: a thousand machines with the same
sshd share one row. So is a *place* where a witness looked, for every audit looks at the same few. An *interval* says that a witness
claimed this of a door from ``valid_from`` until ``valid_to``, which is NULL while nothing has contradicted it. A *run* gets its row
when it begins, and its ``entry`` (its place in the book) when everything it heard is written; the two happen in different
transactions, so a killed run leaves a row without an entry and nothing else. Moments are microseconds since 1970-01-01 UTC, as
INTEGER: SQLite has no type for time, and texts compare wrongly across zones.

A later version appends one tuple to `MIGRATIONS`; those that stand here are never edited, because files of that version exist.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Final

__all__ = ["APPLICATION_ID", "MIGRATIONS", "VERSION", "claim_hash", "moment_of", "stamp_of"]

#: "Door" in ASCII, at byte 68 of the file (SQLite, Database File Format §1.3.14), so that no other program's database is taken for ours.
APPLICATION_ID: Final = 0x446F6F72

_VERSION_1: Final = (
    """CREATE TABLE run (
        id       INTEGER PRIMARY KEY,
        verb     TEXT NOT NULL,
        machine  TEXT NOT NULL,
        vantage  TEXT NOT NULL,
        options  TEXT NOT NULL,                                    -- JSON object
        started  INTEGER NOT NULL,
        ended    INTEGER,                                          -- NULL: under way, or killed
        finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1)),
        entry    INTEGER UNIQUE                                    -- the order in which runs were written
    ) STRICT""",
    """CREATE TABLE place (
        id       INTEGER PRIMARY KEY,
        machine  TEXT NOT NULL,
        witness  TEXT NOT NULL,
        vantage  TEXT NOT NULL,                                    -- '': every vantage
        address  TEXT NOT NULL,                                    -- '': every address of the machine
        ports    TEXT NOT NULL,                                    -- T:1-1024,U:53
        complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
        UNIQUE (machine, witness, vantage, address, ports, complete)
    ) STRICT""",
    """CREATE TABLE coverage (
        run   INTEGER NOT NULL REFERENCES run (id),
        place INTEGER NOT NULL REFERENCES place (id),
        at    INTEGER NOT NULL,
        PRIMARY KEY (run, place)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX coverage_of_place ON coverage (place)",
    """CREATE TABLE door (
        id        INTEGER PRIMARY KEY,
        machine   TEXT NOT NULL,
        transport TEXT NOT NULL,
        port      INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535),
        address   TEXT NOT NULL,
        UNIQUE (machine, transport, port, address)
    ) STRICT""",
    """CREATE TABLE claim (
        id   INTEGER PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        says TEXT NOT NULL,
        json TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE interval (
        id           INTEGER PRIMARY KEY,
        door         INTEGER NOT NULL REFERENCES door (id),
        witness      TEXT NOT NULL,
        vantage      TEXT NOT NULL,
        claim        INTEGER NOT NULL REFERENCES claim (id),
        valid_from   INTEGER NOT NULL,
        valid_to     INTEGER CHECK (valid_to >= valid_from),
        last_seen    INTEGER NOT NULL CHECK (last_seen >= valid_from),
        times        INTEGER NOT NULL DEFAULT 1,
        opened_entry INTEGER NOT NULL,
        last_entry   INTEGER NOT NULL,
        closed_entry INTEGER,
        ending       TEXT,
        passing      TEXT NOT NULL,                                -- JSON of the latest passing facts
        CHECK ((valid_to IS NULL) = (closed_entry IS NULL) AND (valid_to IS NULL) = (ending IS NULL))
    ) STRICT""",
    "CREATE UNIQUE INDEX one_open_interval ON interval (door, witness, vantage) WHERE valid_to IS NULL",
    "CREATE INDEX interval_of_door ON interval (door, valid_from)",
    "CREATE INDEX interval_opened ON interval (opened_entry)",
    "CREATE INDEX interval_closed ON interval (closed_entry) WHERE closed_entry IS NOT NULL",
)

#: What makes version n+1 out of version n, as statements run in one transaction. Version 0 is an empty file.
MIGRATIONS: Final = (_VERSION_1,)

VERSION: Final = len(MIGRATIONS)

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND: Final = datetime.timedelta(microseconds=1)


def stamp_of(moment: datetime.datetime) -> int:
    """Return a moment as the book keeps it: whole microseconds since 1970-01-01 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(stamp: int) -> datetime.datetime:
    """Return the moment of a stamp; raises `OverflowError` outside the years 1 to 9999."""
    return _EPOCH + datetime.timedelta(microseconds=stamp)


def claim_hash(document: str) -> bytes:
    """Return 16 bytes that name a claim's JSON (BLAKE2b, RFC 7693): at a million claims a chance of 1e-27 that two share one."""
    return hashlib.blake2b(document.encode(), digest_size=16).digest()
