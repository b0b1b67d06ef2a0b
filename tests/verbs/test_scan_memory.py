"""What of a scan is remembered, and how changes tell it."""

from __future__ import annotations

import datetime
import socket
from pathlib import Path

import pytest

from doorward.errors import StoreError
from doorward.scan.answer import SummaryLine
from doorward.store.answers import ChangeKind, ChangesAnswer
from doorward.values.clocks import SystemClock
from doorward.values.transports import Transport
from doorward.verbs.changes import changes
from doorward.verbs.history import history
from doorward.verbs.scan import Scan, ScanRequest
from doorward.verbs.scan_memory import ScanMemory
from listeners import closed_port, listening

CLOCK = SystemClock()
HOST = "127.0.0.9"


def remember(database: Path, ports: str, *targets: str, stop_at: int | None = None) -> SummaryLine:
    request = ScanRequest(targets=targets or (HOST,), ports=ports)
    scan = Scan(request, key=1)
    memory = ScanMemory(scan, database, here="laptop", clock=CLOCK)
    scan.hearers.append(memory.hear)
    stop = (lambda: False) if stop_at is None else (lambda: scan.tally.done >= stop_at)
    *_, summary = scan.lines(CLOCK, stop=stop)
    assert isinstance(summary, SummaryLine)
    memory.end(summary)
    return summary


def told(database: Path, machine: str = HOST) -> ChangesAnswer:
    return changes(database, machine, clock=CLOCK)


def test_doors_that_came_and_went_between_two_scans(tmp_path: Path) -> None:
    database = tmp_path / "db"
    with listening(1, HOST) as (stays,), closed_port(HOST) as comes:
        with listening(1, HOST) as (goes,):
            ports = f"{stays},{comes},{goes}"
            remember(database, ports)
            first = told(database)
            assert (first.compared, first.earlier, first.unchanged) == ("scan", None, 2)
            assert "doorward scan 127.0.0.9" in first.note
        remember(database, ports)
        answer = told(database)
    assert [(one.door.port, one.kinds) for one in answer.changes] == [(goes, [ChangeKind.WENT])]
    assert answer.unchanged == 1
    assert answer.cannot_tell == []


def test_a_door_where_nobody_listened_before_has_appeared(tmp_path: Path) -> None:
    database = tmp_path / "db"
    with listening(1, HOST) as (comes,):
        pass
    remember(database, str(comes))
    with socket.create_server((HOST, comes)):
        remember(database, str(comes))
    answer = told(database)
    assert [(one.door.port, one.kinds, one.door.machine) for one in answer.changes] == [(comes, [ChangeKind.APPEARED], HOST)]


def test_what_was_left_out_is_not_gone_and_said(tmp_path: Path) -> None:
    database = tmp_path / "db"
    with listening(2, HOST) as ports:
        remember(database, f"{ports[0]},{ports[1]}")
    remember(database, str(ports[0]))
    answer = told(database)
    assert [one.door.port for one in answer.changes] == [ports[0]]
    assert answer.cannot_tell == [f"The later scan left out the ports T:{ports[1]}: what was open there stands as it was last seen."]


def test_an_interrupted_scan_ends_nothing_and_keeps_what_it_found(tmp_path: Path) -> None:
    database = tmp_path / "db"
    with listening(1, HOST) as (port,):
        remember(database, str(port), "127.0.0.0/21")
    assert remember(database, str(port), "127.0.0.0/21", stop_at=1).interrupted
    with pytest.raises(StoreError):
        history(database, "127.0.0.8", f"tcp/{port}", clock=CLOCK)
    assert told(database).earlier is None  # one finished scan only
    (door,) = history(database, HOST, f"tcp/{port}", clock=CLOCK).doors
    assert door.is_there or door.spells[-1].says == "closed"


def test_each_host_has_its_own_story(tmp_path: Path) -> None:
    database = tmp_path / "db"
    with listening(1, HOST) as (port,):
        remember(database, str(port), "127.0.0.8/31")
    remember(database, str(port), "127.0.0.8/31")
    assert [one.door.port for one in told(database).changes] == [port]
    assert told(database, "127.0.0.8").changes == []
    answer = history(database, HOST, str(port), clock=CLOCK)
    assert (answer.compared, answer.audits) == ("scan", 2)
    assert answer.doors[0].door.transport is Transport.TCP
    assert not answer.doors[0].is_there


def test_a_host_never_scanned_is_named_with_those_that_were(tmp_path: Path) -> None:
    database = tmp_path / "db"
    with closed_port(HOST) as port:
        remember(database, str(port))
    with pytest.raises(StoreError, match=r"remembered are: 127\.0\.0\.9"):
        told(database, "10.9.9.9")
    with pytest.raises(StoreError, match="cannot find a scan of"):
        changes(database, "10.9.9.9", verb="scan", clock=CLOCK)


def test_a_database_that_is_none_is_said_before_the_scan(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("my diary")
    with pytest.raises(StoreError):
        remember(tmp_path / "db", "1")
    assert (tmp_path / "db").read_text() == "my diary"


def test_moments_are_those_of_the_scan(tmp_path: Path) -> None:
    before = CLOCK.now()
    with listening(1, HOST) as (port,):
        remember(tmp_path / "db", str(port))
    (door,) = history(tmp_path / "db", HOST, str(port), clock=CLOCK).doors
    assert before - datetime.timedelta(seconds=1) <= door.first_seen <= CLOCK.now()
