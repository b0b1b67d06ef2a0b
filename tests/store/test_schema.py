"""The book's shape: what the SQL promises, and moments to the microsecond."""

from __future__ import annotations

import datetime
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.store.schema import APPLICATION_ID, MIGRATIONS, VERSION, claim_hash, moment_of, stamp_of
from memories import START


@given(st.datetimes(timezones=st.just(datetime.UTC)))
def test_a_moment_survives_to_the_microsecond(moment: datetime.datetime) -> None:
    assert moment_of(stamp_of(moment)) == moment


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    assert stamp_of(START.astimezone(datetime.timezone(datetime.timedelta(hours=5)))) == stamp_of(START)


def test_a_stamp_outside_all_years_is_refused() -> None:
    with pytest.raises(OverflowError):
        moment_of(2**62)


def test_the_application_s_number_is_its_name() -> None:
    assert APPLICATION_ID.to_bytes(4, "big") == b"Door"
    assert len(MIGRATIONS) == VERSION
    assert len(claim_hash("{}")) == 16


@pytest.fixture
def book() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for statements in MIGRATIONS:
        for statement in statements:
            connection.execute(statement)
    connection.execute("INSERT INTO door VALUES (1, 'laptop', 'tcp', 22, '0.0.0.0')")
    connection.execute("INSERT INTO claim VALUES (1, x'00', 'listens', '{}')")
    return connection


ROW = (
    "INSERT INTO interval (door, witness, vantage, claim, valid_from, valid_to, last_seen, opened_entry, last_entry,"
    " closed_entry, ending, passing) VALUES (1, 'socket', 'kernel', 1, {}, 1, 1, {}, '{{}}')"
)


@pytest.mark.parametrize(
    ("times", "closing"),
    [
        ("5, 4, 5", "1, 'no longer found'"),  # ends before it begins
        ("5, NULL, 4", "NULL, NULL"),  # seen before it begins
        ("5, 6, 5", "NULL, NULL"),  # closed by nobody
        ("5, 'soon', 5", "1, 'x'"),  # STRICT: no text where a number belongs
    ],
)
def test_nonsense_is_refused_by_the_file_itself(book: sqlite3.Connection, times: str, closing: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        book.execute(ROW.format(times, closing))
    book.close()


def test_two_open_intervals_of_one_witness_are_refused(book: sqlite3.Connection) -> None:
    book.execute(ROW.format("5, NULL, 5", "NULL, NULL"))
    with pytest.raises(sqlite3.IntegrityError):
        book.execute(ROW.format("6, NULL, 6", "NULL, NULL"))
    book.close()


def test_tables_are_strict(book: sqlite3.Connection) -> None:
    assert {strict for _, _, kind, _, _, strict in book.execute("PRAGMA table_list") if kind == "table"} == {0, 1}
    ours = {name: strict for _, name, _, _, _, strict in book.execute("PRAGMA table_list") if not name.startswith("sqlite_")}
    assert ours == dict.fromkeys(("run", "place", "coverage", "door", "claim", "interval"), 1)
    book.close()
