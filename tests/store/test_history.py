"""The timeline of a door."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorward.store.answers import DoorHistory
from doorward.store.history import histories
from doorward.store.live_sqlite import Store
from doorward.store.wanted import parse_wanted
from doorward.values.evidence import Witness
from doorward.values.verdicts import Attention, VerdictKind
from memories import MACHINE, START, Memory, judged, listens, probed, told

SSH = "tcp/0.0.0.0:22"
HERE = "tcp/127.0.0.1:22"


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Five audits: sshd; sshd with another version; nc in its place; nothing; sshd again."""
    made = Memory(tmp_path / "doorward.db")
    for version, process in (("9.2", "sshd"), ("9.9", "sshd"), ("", "nc"), ("", ""), ("9.9", "sshd")):
        found = [listens(SSH, process=process), probed(HERE), probed("tcp/192.0.2.7:22")] if process else []
        use = [told(SSH, Witness.USE, "used" if version == "9.9" else "none now")] if process else []
        identity = [told(HERE, Witness.IDENTITY, f"OpenSSH {version}", facts={"version": version})] if version else []
        verdict = judged(SSH, VerdictKind.REAL_DOOR, Attention.NEEDS_YOU, "cleartext") if process == "nc" else judged(SSH)
        made.audit(*found, *use, *identity, verdicts=[verdict] if process else [])
    return made


def asked(memory: Memory, words: str) -> list[DoorHistory]:
    wanted = parse_wanted(words)
    with Store.open_existing(memory.path) as store:
        return histories([one for transport, port in wanted.ports for one in store.at_port(MACHINE, transport.value, port)], wanted)


def test_the_timeline_tells_beginnings_and_ends(memory: Memory) -> None:
    (history,) = asked(memory, "22")
    told_ = [(int((event.at - START).total_seconds() // 3600), event.text, event.is_end) for event in history.events]
    assert told_ == [
        (1, "held by sshd (812), user root", False),
        (1, "answers on 127.0.0.1, 192.0.2.7", False),
        (1, "identified as OpenSSH 9.2", False),
        (1, "judged: real door", False),
        (2, "now OpenSSH 9.9, before OpenSSH 9.2", False),
        (3, "now held by nc (812), user root", False),
        (3, "judged: real door (cleartext)", False),
        (4, "nobody listens any more", True),
        (4, "no longer answers on 127.0.0.1, 192.0.2.7", True),
        (5, "held by sshd (812), user root", False),
        (5, "answers on 127.0.0.1, 192.0.2.7", False),
        (5, "identified as OpenSSH 9.9", False),
        (5, "judged: real door", False),
    ]


def test_use_is_added_up(memory: Memory) -> None:
    (history,) = asked(memory, "tcp/22")
    assert (history.looks, history.used, history.is_there) == (4, 2, True)
    assert history.last_used == history.last_seen == memory.clock.now()
    assert (history.first_seen - START).total_seconds() == 3600


@pytest.mark.parametrize("words", ["127.0.0.1:22", "tcp/192.0.2.7:22", "laptop/tcp/0.0.0.0:22"])
def test_an_address_that_was_knocked_at_leads_to_its_listener(memory: Memory, words: str) -> None:
    assert [str(one.door) for one in asked(memory, words)] == [f"{MACHINE}/{SSH}"]


def test_a_door_never_met_has_no_history(memory: Memory) -> None:
    assert asked(memory, "10.0.0.1:22") == []
    assert asked(memory, "23") == []
    memory.audit(probed("tcp/[::1]:24", "closed"))
    assert asked(memory, "24") == [], "a refused knock makes no door"


def test_spells_hold_everything(memory: Memory) -> None:
    (history,) = asked(memory, "22")
    assert {spell.witness for spell in history.spells} == {"socket", "probe", "identity", "use", "verdict"}
    assert [spell.since for spell in history.spells] == sorted(spell.since for spell in history.spells)
    assert history.spells[0].why


def test_what_could_be_seen_only_now_is_no_change_of_hands(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "doorward.db")
    memory.audit(told(SSH, Witness.SOCKET, "listens", facts={"user": "root"}))
    memory.audit(listens(SSH, command="sshd -D"))
    memory.audit(listens(SSH, command="sshd -D -e"))
    (history,) = asked(memory, "22")
    assert [event.text for event in history.events] == ["held by unknown process, user root", "command: sshd -D → sshd -D -e"]
