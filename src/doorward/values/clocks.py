"""What time it is, as an argument: the one file that may ask the system's clock.

Everything that waits, stamps or measures is handed a ``Clock``, so that the same run twice gives the same bytes.
"""

from __future__ import annotations

import datetime
import time
from typing import Protocol

__all__ = ["Clock", "ManualClock", "SystemClock", "ago", "format_moment", "parse_since"]

from doorward.errors import CallError


class Clock(Protocol):
    """A source of the time of day and of a time that never goes back."""

    def now(self) -> datetime.datetime:
        """Return the time of day, UTC, timezone-aware."""

    def monotonic_ns(self) -> int:
        """Return nanoseconds since an arbitrary start; never decreases."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime.datetime:
        """Return the time of day, UTC."""
        return datetime.datetime.now(datetime.UTC)

    def monotonic_ns(self) -> int:
        """Return the kernel's CLOCK_MONOTONIC in nanoseconds."""
        return time.monotonic_ns()


class ManualClock:
    """A clock that stands still until it is told to go on, for tests and replays."""

    def __init__(self, now: datetime.datetime) -> None:
        self._now = now
        self._monotonic_ns = 0

    def now(self) -> datetime.datetime:
        """Return the time it was set to."""
        return self._now

    def monotonic_ns(self) -> int:
        """Return the nanoseconds it was advanced by."""
        return self._monotonic_ns

    def advance(self, seconds: float) -> None:
        """Go on by ``seconds``, never back."""
        if seconds < 0:
            raise CallError("advance the clock", str(seconds), why="time doesn't go back")
        self._now += datetime.timedelta(seconds=seconds)
        self._monotonic_ns += round(seconds * 1e9)


_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_since(text: str, now: datetime.datetime) -> datetime.datetime:
    """Read a moment in the past: ``90s``, ``15m``, ``2h``, ``3d``, ``1w`` ago, ``today``, ``yesterday``, or an ISO 8601 date or time.

    A date or time without a zone is local to this machine, as a person means it. Raises `CallError` for anything else.
    """
    word = text.strip().lower()
    local_midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    if word in ("today", "yesterday"):
        return (local_midnight - datetime.timedelta(days=word == "yesterday")).astimezone(datetime.UTC)
    try:
        if word[-1:] in _UNITS_S:
            return now - datetime.timedelta(seconds=float(word[:-1]) * _UNITS_S[word[-1]])
        return datetime.datetime.fromisoformat(text.strip()).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise CallError(
            "read the moment", text, why="it is neither a length of time nor a date", remedy="Write 2h, 3d, yesterday or 2026-05-01."
        ) from None


def ago(moment: datetime.datetime, now: datetime.datetime) -> str:
    """Say how long ago ``moment`` was, in the largest unit that fits: ``just now``, ``5 minutes ago``, ``3 days ago``."""
    seconds = (now - moment).total_seconds()
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // size)
        if count >= 1:
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def format_moment(moment: datetime.datetime) -> str:
    """Write a moment in this machine's local time, to the second: ``2026-05-01 14:03:22``."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
