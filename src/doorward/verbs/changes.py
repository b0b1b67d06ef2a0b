"""What happened to a machine's doors between two audits that are remembered, or between two scans of it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import msgspec

from doorward.errors import StoreError
from doorward.store.answers import AuditTime, ChangesAnswer
from doorward.store.changes import changes_between
from doorward.store.folding import fold
from doorward.store.live_sqlite import Store
from doorward.store.runs import RunRecord
from doorward.store.window import cannot_tell, cannot_tell_of_scans, choose_window
from doorward.values.clocks import Clock, parse_since

__all__ = ["changes", "remembered_runs"]

_SCAN: Final = "scan"
_ARTICLES: Final = {"audit": "an audit", "scan": "a scan"}


def changes(database: Path, machine: str, *, since: str = "last", verb: str = "", clock: Clock) -> ChangesAnswer:
    """Compare the last two finished audits of ``machine``, or the last one and the one that was the last at ``since``.

    ``verb`` may ask for "scan" instead of "audit"; without it, scans are compared where no audit is remembered. Raises `CallError` for
    a ``since`` that is no moment, `StoreError` when nothing is remembered or the file can't be read.
    """
    moment = None if since.strip().lower() == "last" else parse_since(since, clock.now())
    with Store.open_existing(database) as store:
        runs = remembered_runs(store, machine, verb)
        again = f"doorward scan {machine}" if runs[0].verb == _SCAN else "doorward audit"
        window = choose_window(runs, moment, again)
        answer = ChangesAnswer(
            machine=machine,
            since=moment,
            later=_time_of(window.later),
            audits_between=window.between,
            note=window.note,
            compared=runs[0].verb,
        )
        return _compared(store, answer, window.earlier, window.later)


def remembered_runs(store: Store, machine: str, verb: str = "") -> list[RunRecord]:
    """Return the finished audits of a machine, or the scans of it when it has none or ``verb`` says so; raises `StoreError` without any."""
    runs = store.finished_runs(machine) if verb != _SCAN else []
    if not runs and verb != "audit":
        runs = store.runs_at(machine, _SCAN)
    if not runs:
        others = ", ".join(store.machines()[:5])
        what = verb or "audit"
        run = f"doorward scan {machine}" if verb == _SCAN else "doorward audit"
        remedy = f"Run: {run}; remembered are: {others}" if others else f"Run: {run}"
        raise StoreError(
            f"find {_ARTICLES[what]} of", machine, why=f"no finished {what} of it is remembered in {store.path}", remedy=remedy
        )
    return runs


def _compared(store: Store, answer: ChangesAnswer, earlier: RunRecord | None, later: RunRecord) -> ChangesAnswer:
    if answer.compared == _SCAN:
        there = dict.fromkeys(store.answering(machine=answer.machine, end=later.entry), False)
    else:
        there = {door: door.address.is_any and door.address.family == 6 for door in store.listening(answer.machine, later.entry)}
    if earlier is None:
        return _with(answer, unchanged=len(there))
    touched = store.touched(answer.machine, earlier.entry, later.entry)
    found = changes_between(touched, earlier.entry, store.first_looks(answer.machine))
    changed = {fold(one.door, there) or one.door for one in found}
    return _with(
        answer,
        earlier=_time_of(earlier),
        changes=found,
        unchanged=len(there.keys() - changed),
        cannot_tell=_open_questions(store, answer, earlier, later),
    )


def _open_questions(store: Store, answer: ChangesAnswer, earlier: RunRecord, later: RunRecord) -> list[str]:
    before, after = store.looks_of(earlier), store.looks_of(later)
    if answer.compared == _SCAN:
        return cannot_tell_of_scans(before, after, answer.machine)
    return cannot_tell(before, after)


def _with(answer: ChangesAnswer, **parts: object) -> ChangesAnswer:
    return msgspec.structs.replace(answer, **parts)


def _time_of(audit: RunRecord) -> AuditTime:
    ended: datetime.datetime = audit.ended if audit.ended is not None else audit.started
    return AuditTime(audit.id, audit.started, ended)
