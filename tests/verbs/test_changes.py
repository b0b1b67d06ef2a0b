"""``changes`` as a question to a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorward.errors import CallError, StoreError
from doorward.store.answers import ChangeKind, ChangesAnswer
from doorward.values.evidence import Witness
from doorward.verbs.changes import changes
from memories import MACHINE, Memory, listens

SSH = "tcp/0.0.0.0:22"
WEB = "tcp/0.0.0.0:8000"


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    made = Memory(tmp_path / "doorward.db")
    made.audit(listens(SSH))
    return made


def asked(memory: Memory, since: str = "last", machine: str = MACHINE) -> ChangesAnswer:
    return changes(memory.path, machine, since=since, clock=memory.clock)


def test_one_audit_has_nothing_to_be_compared_with(memory: Memory) -> None:
    answer = asked(memory)
    assert (answer.earlier, answer.changes, answer.unchanged) == (None, [], 1)
    assert "nothing to compare it with yet" in answer.note


def test_a_new_door_is_named_and_the_rest_counted(memory: Memory) -> None:
    memory.audit(listens(SSH), listens(WEB, process="python3"))
    answer = asked(memory)
    assert [(one.door.port, one.kinds, one.holder) for one in answer.changes] == [(8000, [ChangeKind.APPEARED], "python3 (812), user root")]
    assert answer.unchanged == 1
    assert answer.cannot_tell == ["firewall and advisory: asked in neither audit."]


def test_a_witness_that_was_not_asked_is_named_and_closes_nothing(memory: Memory) -> None:
    memory.audit(asked=[Witness.PROBE])
    answer = asked(memory)
    assert answer.changes == []
    assert answer.unchanged == 1
    assert answer.cannot_tell[0] == "socket: not asked in the later audit, so which doors came or went and who holds them cannot be told."


def test_since_compares_with_how_it_was_then(memory: Memory) -> None:
    memory.audit(listens(SSH), listens(WEB))
    memory.audit(listens(SSH), listens(WEB))
    assert asked(memory).changes == []
    then = asked(memory, "30m")
    assert (then.audits_between, len(then.changes)) == (0, 0)
    then = asked(memory, "90m")
    assert (then.audits_between, len(then.changes)) == (1, 1)
    assert then.since is not None
    assert "Memory begins after" in asked(memory, "9d").note
    memory.clock.advance(60)
    assert "No audit has ended since" in asked(memory, "30s").note


def test_an_unfinished_audit_is_not_compared_with(memory: Memory) -> None:
    with pytest.raises(RuntimeError):
        memory.audit(fails=True)
    assert asked(memory).earlier is None


def test_a_namespace_s_doors_are_the_machine_s(memory: Memory) -> None:
    web = "laptop#web/tcp/0.0.0.0:80"
    memory.audit(listens(SSH), listens(web))
    answer = asked(memory)
    assert [(one.door.machine, one.kinds) for one in answer.changes] == [("laptop#web", [ChangeKind.FIRST_LOOK])]


def test_what_can_be_wrong_with_the_call(memory: Memory, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="neither a length of time nor a date"):
        asked(memory, "last tuesday")
    with pytest.raises(StoreError, match=r"no finished audit of it is remembered .*remembered are: laptop"):
        asked(memory, machine="desktop")
    with pytest.raises(StoreError, match="no audit has been remembered there yet"):
        changes(tmp_path / "none.db", MACHINE, clock=memory.clock)
