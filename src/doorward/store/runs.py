"""One run of a verb, as the book lists it; a value, without what it heard."""

from __future__ import annotations

import datetime

import msgspec

from doorward.store.coverage import Look

__all__ = ["RunRecord"]


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A run that was remembered; ``entry`` orders runs by when they were written, and is 0 for one that never was."""

    id: int
    verb: str
    machine: str
    vantage: str
    options: dict[str, str] = {}
    started: datetime.datetime
    ended: datetime.datetime | None = None  #: ``None``: under way, or killed
    finished: bool = False  #: whether it came to its end, so that what it did not find counts
    entry: int = 0
    looks: list[Look] = []  #: where its witnesses looked
