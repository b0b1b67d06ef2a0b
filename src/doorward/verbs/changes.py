"""What happened to a machine's doors between two audits that are remembered."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec

from doorward.errors import StoreError
from doorward.store.answers import AuditTime, ChangesAnswer
from doorward.store.changes import changes_between
from doorward.store.folding import fold
from doorward.store.live_sqlite import Store
from doorward.store.runs import RunRecord
from doorward.store.window import cannot_tell, choose_window
from doorward.values.clocks import Clock, parse_since

__all__ = ["changes", "remembered_audits"]


def changes(database: Path, machine: str, *, since: str = "last", clock: Clock) -> ChangesAnswer:
    """Compare the last two finished audits of ``machine``, or the last one and the one that was the last at ``since``.

    Raises `CallError` for a ``since`` that is no moment, `StoreError` when nothing is remembered or the file can't be read.
    """
    moment = None if since.strip().lower() == "last" else parse_since(since, clock.now())
    with Store.open_existing(database) as store:
        window = choose_window(remembered_audits(store, machine), moment)
        answer = ChangesAnswer(machine=machine, since=moment, later=_time_of(window.later), audits_between=window.between, note=window.note)
        return _compared(store, answer, window.earlier, window.later)


def remembered_audits(store: Store, machine: str) -> list[RunRecord]:
    """Return the finished audits of a machine; raises `StoreError` when there is none."""
    audits = store.finished_runs(machine)
    if not audits:
        others = ", ".join(store.machines()[:5])
        remedy = f"Run: doorward audit; remembered are: {others}" if others else "Run: doorward audit"
        raise StoreError("find an audit of", machine, why=f"no finished audit of it is remembered in {store.path}", remedy=remedy)
    return audits


def _compared(store: Store, answer: ChangesAnswer, earlier: RunRecord | None, later: RunRecord) -> ChangesAnswer:
    listening = {door: door.address.is_any and door.address.family == 6 for door in store.listening(answer.machine, later.entry)}
    if earlier is None:
        return _with(answer, unchanged=len(listening))
    touched = store.touched(answer.machine, earlier.entry, later.entry)
    found = changes_between(touched, earlier.entry, store.first_looks(answer.machine))
    changed = {fold(one.door, listening) or one.door for one in found}
    return _with(
        answer,
        earlier=_time_of(earlier),
        changes=found,
        unchanged=len(listening.keys() - changed),
        cannot_tell=cannot_tell(store.looks_of(earlier), store.looks_of(later)),
    )


def _with(answer: ChangesAnswer, **parts: object) -> ChangesAnswer:
    return msgspec.structs.replace(answer, **parts)


def _time_of(audit: RunRecord) -> AuditTime:
    ended: datetime.datetime = audit.ended if audit.ended is not None else audit.started
    return AuditTime(audit.id, audit.started, ended)
