"""One run in hand: whole or not at all, whatever happens in its middle."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from doorward.errors import StoreError
from doorward.store.live_sqlite import Store
from doorward.values.evidence import Witness
from memories import MACHINE, Memory, in_another_process, listens, probed, told

SSH = "tcp/0.0.0.0:22"
WEB = "tcp/0.0.0.0:80"


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    made = Memory(tmp_path / "doorward.db")
    made.audit(listens(SSH), listens(WEB), probed("tcp/127.0.0.1:80"))
    return made


def open_doors(path: Path) -> set[str]:
    with Store.open_existing(path) as store:
        return {str(door) for door in store.listening(MACHINE, 99)}


BOTH = {f"{MACHINE}/{SSH}", f"{MACHINE}/{WEB}"}


def test_a_finished_audit_closes_what_it_did_not_find(memory: Memory) -> None:
    memory.audit(listens(SSH))
    assert open_doors(memory.path) == {f"{MACHINE}/{SSH}"}


def test_a_witness_that_was_not_asked_never_reads_as_a_closed_door(memory: Memory) -> None:
    memory.audit(probed("tcp/127.0.0.1:80"), asked=[Witness.PROBE])
    assert open_doors(memory.path) == BOTH
    memory.audit(asked=[])
    assert open_doors(memory.path) == BOTH


def test_an_audit_that_fails_keeps_what_it_found_and_closes_nothing(memory: Memory) -> None:
    with pytest.raises(RuntimeError, match="fell over"):
        memory.audit(listens(SSH, process="nc"), listens("tcp/0.0.0.0:8000"), fails=True)
    assert open_doors(memory.path) == {*BOTH, f"{MACHINE}/tcp/0.0.0.0:8000"}
    with Store.open_existing(memory.path) as store:
        assert len(store.finished_runs(MACHINE)) == 1
        assert store.looks_of(store.finished_runs(MACHINE)[0])
    memory.audit(listens(SSH))
    assert open_doors(memory.path) == {f"{MACHINE}/{SSH}"}


KILLED = """
import sys
from pathlib import Path
from doorward.store.coverage import Coverage
from doorward.store.live_sqlite import Store
from doorward.values.clocks import SystemClock
from memories import listens
with Store.open(Path(sys.argv[1])) as store, store.run(verb="audit", machine="laptop", clock=SystemClock()) as run:
    run.add([listens("tcp/0.0.0.0:6666")])
    run.covered("socket", Coverage("laptop"))
    if sys.argv[2] == "in its transaction":
        store._connection.execute("BEGIN IMMEDIATE")
        run._write(finished=True)
    print("in the middle", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("moment", ["while it asks", "in its transaction"])
def test_a_kill_loses_the_audit_in_hand_and_nothing_else(memory: Memory, moment: str) -> None:
    process = in_another_process(KILLED, str(memory.path), moment)
    assert process.stdout is not None
    assert process.stdout.readline() == "in the middle\n"
    process.kill()
    process.communicate(timeout=30)
    assert open_doors(memory.path) == BOTH
    memory.audit(listens(SSH), listens("tcp/0.0.0.0:25"))
    assert open_doors(memory.path) == {f"{MACHINE}/{SSH}", f"{MACHINE}/tcp/0.0.0.0:25"}
    connection = sqlite3.connect(memory.path)
    runs = connection.execute("SELECT ended IS NULL, finished, entry FROM run ORDER BY id").fetchall()
    connection.close()
    assert runs == [(0, 1, 1), (1, 0, None), (0, 1, 2)], "the killed one left a trace, and no word"


def test_a_full_disk_is_one_line_and_harms_nothing(memory: Memory) -> None:
    with Store.open(memory.path) as store:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        many = [listens(f"tcp/0.0.0.0:{port}", command="x" * 4000 + str(port)) for port in range(1000, 1400)]
        with pytest.raises(StoreError, match=r"the disk is full\. Make room") as caught:  # noqa: SIM117  # two things happen
            with store.run(verb="audit", machine=MACHINE, clock=memory.clock) as run:
                run.add(many)
        assert "\n" not in str(caught.value)
        store._connection.execute("PRAGMA max_page_count = 100000")
        with store.run(verb="audit", machine=MACHINE, clock=memory.clock) as run:  # the same store goes on
            run.add(many[:3])
    assert open_doors(memory.path) == BOTH | {f"{MACHINE}/tcp/0.0.0.0:{port}" for port in (1000, 1001, 1002)}


def test_two_audits_at_once_end_in_either_order(memory: Memory) -> None:
    with Store.open(memory.path) as one, Store.open(memory.path) as two:
        with one.run(verb="audit", machine=MACHINE, clock=memory.clock) as slow:
            slow.add([listens(SSH, memory.clock.now())])
            memory.clock.advance(60)
            with two.run(verb="audit", machine=MACHINE, clock=memory.clock) as quick:
                quick.add([listens(SSH, memory.clock.now(), process="nc")])
        with two._rows._connection as connection:
            holders = connection.execute("SELECT json FROM claim JOIN interval ON claim.id = claim WHERE valid_to IS NULL").fetchall()
    assert sum('"nc"' in row[0] for row in holders) == 1, "the later look counts, though it was written first"


HOSTILE = "x'; DROP TABLE interval; --\"`\x1b[31m"


def test_words_from_outside_are_only_ever_values(memory: Memory) -> None:
    with Store.open(memory.path) as store:
        words = {HOSTILE: HOSTILE}
        with store.run(verb=HOSTILE, machine=HOSTILE, clock=memory.clock, vantage=HOSTILE, options=words) as run:
            run.add([told(SSH, Witness.SOCKET, HOSTILE, vantage=HOSTILE, facts={HOSTILE: HOSTILE})])
            run.covered(HOSTILE, [])
        store.past(HOSTILE)
        store.touched(HOSTILE, 0, 9)
        store.at_port(HOSTILE, HOSTILE, 22)
    assert open_doors(memory.path) == BOTH
