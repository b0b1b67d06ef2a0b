"""Rows and values: the same comes back, and content that nobody can have written is told as damage."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorward.errors import StoreError
from doorward.store.coverage import Coverage
from doorward.store.live_file import connect
from doorward.store.live_rows import COLUMNS, Rows
from doorward.store.live_sqlite import Store
from doorward.values.addresses import Address
from doorward.values.portsets import PortSet
from memories import Memory, door, listens, look, probed

WIDTH = COLUMNS.count(",") + 1


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    memory = Memory(tmp_path / "doorward.db")
    memory.audit(listens("tcp/0.0.0.0:22"), probed("tcp/[fe80::1%eth0]:22"))
    return Rows(connect(memory.path, writing=True), memory.path)


def test_doors_and_claims_have_one_row_each(rows: Rows) -> None:
    one = rows.door_id(door("tcp/0.0.0.0:22"))
    assert rows.door_id(door("tcp/0.0.0.0:22")) == one != rows.door_id(door("tcp/0.0.0.0:23"))
    rows.forget()
    assert rows.door_id(door("tcp/0.0.0.0:22")) == one
    known = dict(rows.standing(["laptop"]))
    assert {str(key[0].address) for key in known} == {"0.0.0.0", "fe80::1%eth0"}
    assert {rows.claim_id(standing.claim) for standing in known.values()} == {1, 2}


@pytest.mark.parametrize(
    "coverage",
    [
        Coverage("laptop"),
        Coverage("laptop", PortSet()),
        Coverage("laptop", PortSet.parse("22,80-90,U:53"), (Address.parse("fe80::1%eth0"),), "a friend's house", complete=False),
    ],
)
def test_looks_come_back_as_they_were(rows: Rows, coverage: Coverage) -> None:
    one = look("socket", coverage)
    rows.write_looks(1, [one])
    connection = rows._connection
    sql = "SELECT witness, vantage, machine, address, ports, complete, at FROM coverage JOIN place ON place.id = place WHERE run = 1"
    assert one in rows.looks(connection.execute(sql))
    places = connection.execute("SELECT count(*) FROM place").fetchone()
    rows.forget()
    rows.write_looks(1, [one, one])
    assert connection.execute("SELECT count(*) FROM place").fetchone() == places, "the same place is kept once"


def read_everything(path: Path) -> None:
    with Store.open_existing(path) as store:
        store.looks_of(store.finished_runs("laptop")[0])
        store.touched("laptop", 0, 9)
        store.past("laptop")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE door SET address = '300.1.1.1'",
        "UPDATE door SET transport = 'pigeon'",
        "UPDATE claim SET json = '{'",
        "UPDATE claim SET json = '[]'",
        "UPDATE claim SET json = CAST(x'ff2200' AS TEXT)",
        "UPDATE interval SET passing = 'x'",
        "UPDATE interval SET valid_from = -9223372036854775808",
        "UPDATE run SET options = '[1'",
        "UPDATE run SET started = 9223372036854775807",
        "UPDATE place SET ports = 'many'",
        "DROP TABLE interval",
        "ALTER TABLE run RENAME COLUMN entry TO place",
    ],
)
def test_impossible_content_is_damage(tmp_path: Path, damage: str) -> None:
    memory = Memory(tmp_path / "doorward.db")
    memory.audit(listens("tcp/0.0.0.0:22"))
    other = sqlite3.connect(memory.path)
    other.execute("PRAGMA foreign_keys = OFF")
    other.execute(damage)
    other.commit()
    other.close()
    with pytest.raises(StoreError, match="the file is damaged") as caught:
        read_everything(memory.path)
    assert "\n" not in str(caught.value)


CELL = st.none() | st.integers() | st.text(max_size=20) | st.binary(max_size=9) | st.floats() | st.sampled_from(["tcp", "::1", "{}", 22])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(CELL, min_size=WIDTH, max_size=WIDTH), st.lists(CELL, min_size=9, max_size=9), st.lists(CELL, min_size=7, max_size=7))
def test_any_row_gives_a_value_or_says_that_it_is_damaged(rows: Rows, one: list[object], two: list[object], three: list[object]) -> None:
    for read in (lambda: rows.interval(one), lambda: rows.run(two), lambda: rows.looks([three]), lambda: rows.tally(two)):
        with suppress(StoreError):
            read()
