"""``history`` as a question to a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorward.errors import CallError, StoreError
from doorward.store.answers import HistoryAnswer
from doorward.values.transports import Transport
from doorward.verbs.history import history
from memories import MACHINE, Memory, listens, probed


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    made = Memory(tmp_path / "doorward.db")
    made.audit(listens("tcp/0.0.0.0:22"), listens("tcp/[::]:22"), probed("tcp/127.0.0.1:22"), listens("laptop#web/tcp/0.0.0.0:22"))
    made.audit(listens("desktop/tcp/0.0.0.0:22"), machine="desktop")
    return made


def names(word: str) -> list[tuple[Transport, int]]:
    return [(Transport.TCP, 22)] if word == "ssh" else []


def asked(memory: Memory, door: str) -> HistoryAnswer:
    return history(memory.path, MACHINE, door, names=names, clock=memory.clock)


@pytest.mark.parametrize(("door", "count"), [("22", 3), ("ssh", 3), ("127.0.0.1:22", 1), ("tcp/[::]:22", 1), ("laptop/tcp/22", 3)])
def test_every_door_that_is_meant_is_told(memory: Memory, door: str, count: int) -> None:
    answer = asked(memory, door)
    assert len(answer.doors) == count
    assert (answer.machine, answer.audits, answer.asked) == (MACHINE, 1, door)
    assert answer.remembers_since < answer.now


def test_another_machine_and_a_namespace_can_be_named(memory: Memory) -> None:
    assert [str(one.door) for one in asked(memory, "desktop/tcp/22").doors] == ["desktop/tcp/0.0.0.0:22"]
    assert [str(one.door) for one in asked(memory, "laptop#web/tcp/22").doors] == ["laptop#web/tcp/0.0.0.0:22"]


def test_what_can_be_wrong_with_the_call(memory: Memory) -> None:
    with pytest.raises(StoreError, match="no audit of laptop has met it") as caught:
        asked(memory, "23")
    assert "doorward ports 23" in str(caught.value)
    with pytest.raises(CallError):
        asked(memory, "70000")
    with pytest.raises(StoreError, match="no finished audit"):
        asked(memory, "nowhere/tcp/22")
