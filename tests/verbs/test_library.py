from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import doorward
from doorward.errors import CallError
from doorward.scan.doorstates import DoorState
from doorward.values.addresses import Address
from doorward.values.portsets import PortSet
from doorward.verbs.library import ScanStream
from listeners import closed_port, listening

HOST = Address.parse("127.0.0.1")


def test_doors_are_streamed_and_then_the_summary() -> None:
    with listening(2) as ports, closed_port() as nobody:
        with doorward.scan("127.0.0.1", [*ports, nobody]) as stream:
            assert stream.plan.doors == 3
            before = stream.summary
            assert {door.port for door in stream} == set(ports)
        assert before is None
        assert stream.summary is not None
        assert stream.summary.states[DoorState.CLOSED] == 1
        assert stream.tally.done == 3
        assert list(stream) == []


@pytest.mark.parametrize("form", [str, int, lambda port: [port], lambda port: PortSet.parse(str(port))])
def test_ports_and_targets_in_every_form(form: object) -> None:
    with listening(1) as (port,):
        for target in ("127.0.0.1", HOST, ["127.0.0.1"], [HOST]):
            assert [door.port for door in doorward.scan(target, form(port), kind="connect")] == [port]  # type: ignore[operator]


def test_leaving_the_loop_ends_the_scan() -> None:
    with listening(1) as (port,), closed_port() as nobody:
        with doorward.scan("127.0.0.0/16", [port, nobody], every_state=True, exclude="127.0.0.1") as stream:
            for _ in stream:
                break
        assert stream.summary is None
        assert stream.tally.done < stream.plan.doors
        with pytest.raises(StopIteration):
            next(stream)


def test_a_wish_to_stop_gives_a_summary() -> None:
    with closed_port() as nobody:
        stream = doorward.scan("127.0.0.0/16", nobody, every_state=True)
        for number, _ in enumerate(stream):
            if number == 10:
                stream.stop()
    assert stream.summary is not None
    assert stream.summary.interrupted


def test_it_goes_on_after_a_stop(tmp_path: Path) -> None:
    with listening(1) as (port,):
        with doorward.scan("127.0.0.0/20", port, resume=tmp_path / "s") as stream:
            next(stream)
        again = doorward.scan("127.0.0.0/20", port, resume=str(tmp_path / "s"))
        assert [door.address for door in again] == [HOST]
    assert again.summary is not None
    assert again.summary.done == 4096
    assert list(tmp_path.iterdir()) == []


def test_what_makes_no_sense_is_said_at_once() -> None:
    with pytest.raises(CallError, match="no port was given"):
        doorward.scan("127.0.0.1", [])
    with pytest.raises(CallError, match="--i-may-scan-this"):
        doorward.scan("192.0.2.1", 22)
    with pytest.raises(CallError, match="no target"):
        doorward.scan([])


def test_importing_costs_nothing_and_the_room_stays_a_room() -> None:
    code = (
        "import sys, doorward; loaded = [name for name in sys.modules if name.startswith('doorward.')]\n"
        "assert not loaded, loaded\n"
        "assert 'msgspec' not in sys.modules and 'numpy' not in sys.modules\n"
        "import doorward.scan.plan as plan; assert plan.Plan and callable(doorward.scan)\n"
        "try: doorward.nothing\n"
        "except AttributeError: print('fine')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("fine\n", "")


def test_the_call_is_typed() -> None:
    with closed_port() as nobody:
        stream: ScanStream = doorward.scan("127.0.0.1", nobody)
        assert list(stream) == []
