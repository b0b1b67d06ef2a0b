"""The past that an audit is handed, from tallies."""

from __future__ import annotations

import datetime

from doorward.store.recall import Tally, past_of
from doorward.store.runs import RunRecord
from memories import START, door

HOUR = datetime.timedelta(hours=1)
SSH = door("tcp/0.0.0.0:22")


def test_looks_and_use_are_added_up() -> None:
    tallies = [
        Tally(SSH, "socket", "listens", START, START + 9 * HOUR, 10),
        Tally(SSH, "use", "used", START + HOUR, START + 4 * HOUR, 2),
        Tally(SSH, "use", "none now", START, START + 9 * HOUR, 7),
        Tally(door("tcp/127.0.0.1:22"), "probe", "open", START, START, 1),
        Tally(door("tcp/127.0.0.1:23"), "probe", "closed", START, START, 1),
        Tally(door("udp/0.0.0.0:68"), "use", "none now", START, START, 1),
    ]
    run = RunRecord(id=1, verb="audit", machine="laptop", vantage="", started=START, ended=START + HOUR, finished=True, entry=1)
    past = past_of("laptop", [run], tallies)
    assert (past.audits, past.first_audit, past.last_audit) == (1, START, START + HOUR)
    assert set(past.doors) == {SSH, door("tcp/127.0.0.1:22")}, "what was never seen there has no past"
    one = past.of(SSH)
    assert one is not None
    assert (one.audits_seen, one.audits_covering, one.audits_used) == (10, 9, 2)
    assert (one.first_seen, one.last_seen, one.last_used) == (START, START + 9 * HOUR, START + 4 * HOUR)


def test_without_memory_there_is_no_past() -> None:
    past = past_of("laptop", [], [])
    assert (past.audits, past.first_audit, past.last_audit, past.doors) == (0, None, None, {})
