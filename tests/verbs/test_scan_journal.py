"""A connect scan that is stopped anywhere and goes on."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from doorward.errors import CallError
from doorward.scan.answer import DoorLine, SummaryLine
from doorward.scan.doorstates import DoorState
from doorward.values.clocks import SystemClock
from doorward.verbs.scan import Scan, ScanRequest
from listeners import closed_port, listening

CLOCK = SystemClock()
NETWORK, COUNT = "127.0.0.0/21", 2048  # eight rounds of knocks: a wish to stop is heard between two


def make(path: Path, key: int = 1, **words: object) -> Scan:
    words.setdefault("targets", (NETWORK,))
    return Scan(ScanRequest(**words), key=key, resume=path, clock=CLOCK)  # type: ignore[arg-type]


def run(scan: Scan, stop_at: int | None = None) -> tuple[list[DoorLine], SummaryLine]:
    stop = (lambda: False) if stop_at is None else (lambda: scan.tally.done >= stop_at)
    *doors, summary = scan.lines(CLOCK, stop=stop)
    assert isinstance(summary, SummaryLine)
    scan.close(is_done=not summary.interrupted)
    return [door for door in doors if isinstance(door, DoorLine)], summary


@pytest.mark.parametrize("stop_at", [0, 1, 500, 1500])
def test_two_halves_are_a_whole(tmp_path: Path, stop_at: int) -> None:
    path = tmp_path / "scan.state"
    with listening(1, "127.0.3.77") as (port,):
        _, first = run(make(path, ports=str(port)), stop_at)
        assert first.interrupted
        second = make(path, key=99, ports=str(port))
        assert second.plan.key == 1
        doors, summary = run(second)
    assert [(str(door.address), door.port) for door in doors] == [("127.0.3.77", port)]
    assert (summary.doors, summary.done, sum(summary.states.values())) == (COUNT, COUNT, COUNT)
    assert summary.states[DoorState.OPEN] == 1
    assert summary.seconds >= first.seconds
    assert not path.exists()


def test_a_found_door_is_not_lost_when_it_has_gone_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "scan.state"
    with listening(1, "127.0.0.5") as (port,):
        scan = make(path, ports=str(port))
        lines = scan.lines(CLOCK)
        assert isinstance(next(lines), DoorLine)
        lines.close()  # as a kill: nothing more is written
        scan.close(is_done=False)
    doors, summary = run(make(path, ports=str(port)))
    assert [str(door.address) for door in doors] == ["127.0.0.5"]
    assert summary.done == COUNT


def test_another_call_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.state"
    with closed_port() as port:
        run(make(path, ports=str(port)), 10)
        for words, part in (
            ({"ports": "1-2"}, "ports"),
            ({"ports": str(port), "targets": ("127.0.0.0/20",)}, "targets"),
            ({"ports": str(port), "every_state": True}, "listed"),
            ({"ports": str(port), "sample": 5}, "sample"),
        ):
            with pytest.raises(CallError, match=part):
                make(path, **words)


def test_a_sample_without_a_seed_is_the_same_when_it_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "scan.state"
    with closed_port() as port:
        first = make(path, key=5, ports=str(port), sample=600)
        run(first, 1)
        again = make(path, key=6, ports=str(port), sample=600)
        assert again.plan.targets.spans == first.plan.targets.spans
        _, summary = run(again)
    assert summary.done == 600


def test_a_state_that_can_not_be_written_ends_the_keeping_and_not_the_scan(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with listening(1) as (port,):
        scan = make(folder / "s", ports=str(port), targets=("127.0.0.1",))
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        doors, summary = run(scan)
    assert len(doors) == 1
    assert summary.done == 1
    assert scan.trouble is not None
    assert "keep the state" in str(scan.trouble)


def test_what_is_counted_goes_on_too(tmp_path: Path) -> None:
    path = tmp_path / "scan.state"
    with closed_port() as port:
        _, first = run(make(path, ports=str(port)), 50)
        _, whole = run(make(path, ports=str(port)))
    assert whole.sent >= COUNT
    assert first.sent + COUNT - first.done <= whole.sent <= first.sent + COUNT
    assert msgspec.structs.asdict(whole)["interrupted"] is False
