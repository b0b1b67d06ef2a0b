"""The store as a whole: what was remembered comes back, while others read and write."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorward.errors import StoreError
from doorward.store.coverage import Coverage
from doorward.store.live_sqlite import Store
from doorward.values.evidence import Certainty, Witness
from doorward.values.portsets import PortSet
from memories import MACHINE, START, Memory, door, in_another_process, judged, listens, probed, told

SSH = "tcp/0.0.0.0:22"


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "doorward.db")


def test_a_door_unchanged_through_many_audits_is_one_interval(memory: Memory) -> None:
    for pid in range(20):
        memory.audit(listens(SSH, pid=pid), probed("tcp/127.0.0.1:22"), verdicts=[judged(SSH)])
    with Store.open_existing(memory.path) as store:
        intervals = store.at_port(MACHINE, "tcp", 22)
    assert [(one.witness, one.times, one.valid_to) for one in intervals] == [
        ("socket", 20, None),
        ("probe", 20, None),
        ("verdict", 20, None),
    ]
    assert intervals[0].passing.facts["pid"] == 19, "the latest of the moment"
    assert (intervals[0].last_seen - intervals[0].valid_from).total_seconds() == 19 * 3600


def test_the_past_counts_only_looks_that_could_see(memory: Memory) -> None:
    for hour in range(5):
        use = told(SSH, Witness.USE, "used" if hour == 2 else "none now")
        blind = told("udp/0.0.0.0:53", Witness.USE, "none now", certainty=Certainty.UNKNOWN)
        memory.audit(listens(SSH), use, blind, listens("udp/0.0.0.0:53"), listens("laptop#web/tcp/0.0.0.0:80"))
    with Store.open_existing(memory.path) as store:
        past = store.past(MACHINE)
        assert store.past("lap").audits == 0
        assert store.past("lap").doors == {}
    assert past.audits == 5
    one, other = past.of(door(SSH)), past.of(door("udp/0.0.0.0:53"))
    assert one is not None
    assert other is not None
    assert (one.audits_seen, one.audits_covering, one.audits_used) == (5, 5, 1)
    assert (other.audits_seen, other.audits_covering, other.audits_used) == (5, 0, 0)
    assert past.of(door("laptop#web/tcp/0.0.0.0:80")) is not None, "its namespaces are its own"


def test_a_machine_whose_name_begins_alike_is_another(memory: Memory) -> None:
    memory.audit(listens(SSH), listens("laptop2/tcp/0.0.0.0:80"), listens("laptop%/tcp/0.0.0.0:81"))
    memory.audit(machine="laptop2")
    with Store.open_existing(memory.path) as store:
        assert [str(one) for one in store.listening(MACHINE, 9)] == [f"{MACHINE}/{SSH}"]
        assert store.machines() == ["laptop", "laptop2"]
        assert {one.door.machine for one in store.touched(MACHINE, 0, 9)} == {"laptop"}


def test_first_looks_tell_when_a_place_was_first_looked_at(memory: Memory) -> None:
    memory.audit(asked=[Witness.SOCKET])
    memory.audit(asked=[Witness.SOCKET, Witness.PROBE, Witness.USE])
    with Store.open_existing(memory.path) as store:
        assert {(entry, look.witness) for entry, look in store.first_looks(MACHINE)} == {(1, "socket"), (2, "probe")}


def test_touched_tells_how_it_stood_then(memory: Memory) -> None:
    memory.audit(listens(SSH))
    memory.audit(listens(SSH), listens("tcp/0.0.0.0:80"))
    memory.audit(listens(SSH))
    with Store.open_existing(memory.path) as store:
        then = store.touched(MACHINE, 1, 2)
        now = store.touched(MACHINE, 2, 3)
        assert [(one.door.port, one.valid_to) for one in then] == [(80, None)]
        assert [(one.door.port, one.valid_to is not None) for one in now] == [(80, True)]
        assert [one.port for one in store.listening(MACHINE, 2)] == [22, 80]
        assert store.touched(MACHINE, 3, 3) == []


READER = """
import sys
from pathlib import Path
from doorward.store.live_sqlite import Store
with Store.open_existing(Path(sys.argv[1])) as store:
    for line in sys.stdin:
        print(len(store.listening("laptop", 99)), flush=True)
"""


def test_a_second_process_reads_while_one_writes(memory: Memory) -> None:
    memory.audit(listens(SSH))
    reader = in_another_process(READER, str(memory.path))
    assert reader.stdin is not None
    assert reader.stdout is not None

    def asked() -> str:
        assert reader.stdin is not None
        assert reader.stdout is not None
        reader.stdin.write("how many?\n")
        reader.stdin.flush()
        return reader.stdout.readline()

    with Store.open(memory.path) as store, store.run(verb="audit", machine=MACHINE, clock=memory.clock) as run:
        assert asked() == "1\n"
        run.add([listens("tcp/0.0.0.0:80")])
        store._connection.execute("BEGIN IMMEDIATE")
        assert asked() == "1\n", "what is being written is not there yet, and nobody waits for it"
        store._connection.execute("COMMIT")
    assert asked() == "2\n", "the same reader sees the new state"
    reader.communicate(timeout=30)
    assert reader.returncode == 0


LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
"""


def test_a_writer_waits_for_another_and_then_says_so(memory: Memory) -> None:
    memory.audit(listens(SSH))
    locker = in_another_process(LOCKER, str(memory.path))
    assert locker.stdout is not None
    assert locker.stdout.readline() == "locked\n"
    with Store.open(memory.path, busy_s=0.1) as store:
        with pytest.raises(StoreError, match=r"another process is writing to it\. Wait until it is done") as caught:  # noqa: SIM117
            with store.run(verb="audit", machine=MACHINE, clock=memory.clock):
                pass
        assert "\n" not in str(caught.value)
        locker.communicate("done\n", timeout=30)
        with store.run(verb="audit", machine=MACHINE, clock=memory.clock) as run:
            run.covered(Witness.SOCKET, Coverage(MACHINE))
    with Store.open_existing(memory.path) as store:
        assert store.listening(MACHINE, 99) == []


MAKER = """
import sys
from pathlib import Path
from doorward.store.live_sqlite import Store
from doorward.values.clocks import SystemClock
from memories import listens
print("ready", flush=True)
sys.stdin.readline()
with Store.open(Path(sys.argv[1])) as store, store.run(verb="audit", machine="laptop", clock=SystemClock()) as run:
    run.add([listens(f"tcp/0.0.0.0:{sys.argv[2]}")])
"""


def test_two_processes_may_make_the_file_at_once(memory: Memory) -> None:
    makers = [in_another_process(MAKER, str(memory.path), port) for port in ("80", "443")]
    for maker in makers:
        assert maker.stdout is not None
        assert maker.stdout.readline() == "ready\n"
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("go\n")
        maker.stdin.flush()
    assert [maker.communicate(timeout=30)[1] for maker in makers] == ["", ""]
    with Store.open_existing(memory.path) as store:
        assert {one.port for one in store.listening(MACHINE, 99)} == {80, 443}
        assert len(store.finished_runs(MACHINE)) == 2


def test_a_damaged_page_is_one_line(memory: Memory) -> None:
    memory.audit(*[listens(f"tcp/0.0.0.0:{port}", command=f"daemon {port}") for port in range(1, 400)])
    data = bytearray(memory.path.read_bytes())
    assert len(data) > 40 * 4096
    for page in range(3, len(data) // 4096):  # the schema is whole, what it describes is not
        data[page * 4096 : page * 4096 + 64] = b"\xde\xad\xbe\xef" * 16
    memory.path.write_bytes(data)
    with Store.open_existing(memory.path) as store:
        with pytest.raises(StoreError, match=r"the file is damaged .*Move it aside"):
            store.past(MACHINE)
        with pytest.raises(StoreError, match="the file is damaged"):  # noqa: SIM117
            with store.run(verb="audit", machine=MACHINE, clock=memory.clock) as run:
                run.add([listens(SSH)])
    assert memory.path.read_bytes()[4096 * 3 :][:4] == b"\xde\xad\xbe\xef", "nothing was mended or removed"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 2**20), st.binary(min_size=1, max_size=40)), min_size=1, max_size=6), st.integers(0, 2**20))
def test_any_bytes_give_a_memory_or_one_line(tmp_path: Path, spoilt: list[tuple[int, bytes]], cut: int) -> None:
    whole = tmp_path / "whole.db"
    if not whole.exists():
        made = Memory(whole)
        made.audit(*[listens(f"tcp/0.0.0.0:{port}", command=f"daemon {port}") for port in range(1, 60)])
        made.audit(probed("tcp/127.0.0.1:5"), verdicts=[judged(SSH)])
    data = bytearray(whole.read_bytes())
    for where, noise in spoilt:
        start = where % len(data)
        data[start : start + len(noise)] = noise
    broken = tmp_path / "broken.db"
    for leftover in tmp_path.glob("broken.db*"):
        leftover.unlink()
    broken.write_bytes(data[: cut % len(data)] if cut % 3 == 0 else data)
    try:
        with Store.open_existing(broken) as store:
            store.past(MACHINE)
            for run in store.finished_runs(MACHINE):
                store.looks_of(run)
            store.touched(MACHINE, 0, 9)
            store.first_looks(MACHINE)
            Memory(broken).audit(listens(SSH))
    except StoreError as error:
        assert "\n" not in str(error)  # noqa: PT017  # a memory that is whole all the same is as good


def test_an_error_in_the_block_is_the_one_that_is_heard(memory: Memory) -> None:
    with pytest.raises(RuntimeError, match="fell over"):
        memory.audit(fails=True)
    assert memory.clock.now() > START


def scanned(memory: Memory, *open_doors: str, host: str = "nas.lan") -> None:
    """One scan by ``laptop`` that looked at TCP ports 1 to 100 of a host."""
    with Store.open(memory.path) as store:
        run = store.begin(verb="scan", machine=MACHINE, clock=memory.clock, vantage=MACHINE)
        run.add([told(f"{host}/{one}", Witness.PROBE, "open", memory.clock.now(), MACHINE) for one in open_doors])
        run.covered(Witness.PROBE, Coverage(host, PortSet.parse("1-100"), vantage=MACHINE))
        run.write(finished=True)
    memory.clock.advance(60)


def test_scans_are_found_by_the_host_they_looked_at(memory: Memory) -> None:
    scanned(memory, "tcp/10.0.0.9:22", "tcp/10.0.0.9:80")
    scanned(memory, "tcp/10.0.0.9:22")
    scanned(memory, "tcp/10.0.0.8:22", host="other.lan")
    with Store.open_existing(memory.path) as store:
        runs = store.runs_at("nas.lan", "scan")
        assert [run.machine for run in runs] == [MACHINE] * 2
        assert store.runs_at("nas.lan", "audit") == store.runs_at(MACHINE, "scan") == store.finished_runs(MACHINE) == []
        assert store.machines() == ["nas.lan", "other.lan"]


def test_who_answers_now_and_who_did_then(memory: Memory) -> None:
    scanned(memory, "tcp/10.0.0.9:22", "tcp/10.0.0.9:80")
    scanned(memory, "tcp/10.0.0.9:22")
    with Store.open_existing(memory.path) as store:
        first = store.runs_at("nas.lan", "scan")[0]
        assert {one.port for one in store.answering(machine="nas.lan")} == {22}
        assert {one.port for one in store.answering(machine="nas.lan", end=first.entry)} == {22, 80}
        assert store.answering(vantage="elsewhere") == []
        assert {str(one.address) for one in store.answering(vantage=MACHINE)} == {"10.0.0.9"}
