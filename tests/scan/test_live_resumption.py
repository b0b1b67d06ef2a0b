from __future__ import annotations

import datetime
from pathlib import Path

import msgspec
import pytest

from doorward.errors import CallError, WorldError
from doorward.scan.answer import DoorLine
from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.live_resumption import ResumeFile
from doorward.scan.resumption import ScanState
from doorward.values.addresses import Address
from doorward.values.clocks import ManualClock
from doorward.values.transports import Transport

FRESH = ScanState(identity={"targets": "x"}, key=7, doors=100)


def clock() -> ManualClock:
    return ManualClock(datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC))


def door(port: int) -> DoorLine:
    return DoorLine(
        address=Address.parse("10.0.0.1"),
        transport=Transport.TCP,
        port=port,
        state=DoorState.OPEN,
        reason=Reason.ACCEPTED,
        rtt_ms=None,
        service="",
        host="",
        knocks=1,
        told_by=None,
        detail="",
    )


def test_what_was_kept_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "scan.state"
    first = ResumeFile.open(path, FRESH, clock())
    first.keep(door(22))
    first.save(msgspec.structs.replace(FRESH, settled=1, reasons={"accepted": 1}), at_once=True)
    first.keep(door(80))
    first.close()
    again = ResumeFile.open(path, msgspec.structs.replace(FRESH, key=8), clock())
    assert (again.state.key, again.state.settled, [one.port for one in again.found]) == (7, 1, [22, 80])
    again.finish()
    assert list(tmp_path.iterdir()) == []


def test_the_state_is_replaced_once_a_second_at_most(tmp_path: Path) -> None:
    time = clock()
    file = ResumeFile.open(tmp_path / "s", FRESH, time)
    later = msgspec.structs.replace(FRESH, seconds=0.5)
    file.save(later)
    assert file.state == FRESH
    time.advance(1)
    file.save(later)
    assert file.state == later
    file.close()


def test_a_torn_line_is_taken_off_before_the_next_is_written(tmp_path: Path) -> None:
    file = ResumeFile.open(tmp_path / "s", FRESH, clock())
    file.keep(door(22))
    file.close()
    with (tmp_path / "s.found").open("ab") as found:
        found.write(b'{"kind":"door","address":"10.')
    again = ResumeFile.open(tmp_path / "s", FRESH, clock())
    again.keep(door(80))
    again.close()
    last = ResumeFile.open(tmp_path / "s", FRESH, clock())
    assert [one.port for one in last.found] == [22, 80]
    last.close()


def test_two_processes_are_not_at_it_at_once(tmp_path: Path) -> None:
    file = ResumeFile.open(tmp_path / "s", FRESH, clock())
    with pytest.raises(WorldError, match="another process"):
        ResumeFile.open(tmp_path / "s", FRESH, clock())
    file.close()
    ResumeFile.open(tmp_path / "s", FRESH, clock()).close()


def test_another_scan_is_refused_and_nothing_touched(tmp_path: Path) -> None:
    ResumeFile.open(tmp_path / "s", FRESH, clock()).close()
    before = (tmp_path / "s").read_bytes()
    with pytest.raises(CallError, match="begun with other targets"):
        ResumeFile.open(tmp_path / "s", ScanState(identity={"targets": "y"}, key=1, doors=1), clock())
    assert (tmp_path / "s").read_bytes() == before


def test_a_file_that_is_something_else_is_refused_and_not_touched(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("my diary")
    with pytest.raises(CallError, match="no state of a scan"):
        ResumeFile.open(tmp_path / "s", FRESH, clock())
    assert (tmp_path / "s").read_text() == "my diary"
    assert not (tmp_path / "s.found").exists()


def test_found_doors_without_their_state_are_not_thrown_away(tmp_path: Path) -> None:
    file = ResumeFile.open(tmp_path / "s", FRESH, clock())
    file.keep(door(22))
    file.close()
    (tmp_path / "s").unlink()
    with pytest.raises(CallError, match="whose state is gone"):
        ResumeFile.open(tmp_path / "s", FRESH, clock())
    assert (tmp_path / "s.found").stat().st_size


@pytest.mark.parametrize("name", ["missing/s", "."])
def test_a_place_that_can_not_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorldError, match="keep the state of the scan"):
        ResumeFile.open(tmp_path / name, FRESH, clock())


def test_an_impossible_name() -> None:
    with pytest.raises(CallError):
        ResumeFile.open(Path("a\0b"), FRESH, clock())
