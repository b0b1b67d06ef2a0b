from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.values.clocks import ManualClock, SystemClock, ago, format_moment, parse_since

NOON = datetime.datetime(2026, 5, 2, 12, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("3d", 259200), ("1w", 604800), ("0.5h", 1800)])
def test_lengths_of_time_count_back_from_now(text: str, seconds: int) -> None:
    assert parse_since(text, NOON) == NOON - datetime.timedelta(seconds=seconds)


def test_days_begin_at_local_midnight() -> None:
    midnight = NOON.astimezone().replace(hour=0, minute=0)
    assert parse_since("today", NOON) == midnight
    assert parse_since("yesterday", NOON) == midnight - datetime.timedelta(days=1)


def test_dates_and_times() -> None:
    assert parse_since("2026-05-01T10:00:00+00:00", NOON) == datetime.datetime(2026, 5, 1, 10, tzinfo=datetime.UTC)
    assert parse_since("2026-05-01", NOON).astimezone().hour == 0


@pytest.mark.parametrize("text", ["", "soon", "h", "2 fortnights", "2026-13-01", "nan d", "inf d", "1e400d", "infd", "nand"])
def test_nonsense_is_the_callers_error(text: str) -> None:
    with pytest.raises(CallError):
        parse_since(text, NOON)


@given(st.text(max_size=20))
def test_any_text_gives_a_moment_or_the_callers_error(text: str) -> None:
    try:
        moment = parse_since(text, NOON)
    except CallError:
        return
    assert moment.tzinfo is not None


@pytest.mark.parametrize(
    ("seconds", "words"), [(-5, "just now"), (59, "just now"), (60, "1 minute ago"), (7300, "2 hours ago"), (200000, "2 days ago")]
)
def test_how_long_ago(seconds: int, words: str) -> None:
    assert ago(NOON - datetime.timedelta(seconds=seconds), NOON) == words


def test_the_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(NOON)
    clock.advance(1.5)
    assert clock.now() == NOON + datetime.timedelta(seconds=1.5)
    assert clock.monotonic_ns() == 1_500_000_000
    with pytest.raises(CallError):
        clock.advance(-1)


def test_the_system_clock_is_utc_and_never_goes_back() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is datetime.UTC
    assert clock.monotonic_ns() <= clock.monotonic_ns()


def test_moments_are_written_to_the_second() -> None:
    assert len(format_moment(NOON)) == len("2026-05-02 12:00:00")
