from __future__ import annotations

from doorward.values.verdicts import Attention
from witnesses import identity, probe, socket, verdict

NAME = "unidentified"
WHERE = "tcp/0.0.0.0:60001"


def test_an_open_door_that_says_nothing_is_unknown() -> None:
    said = verdict(socket(WHERE), probe("tcp/127.0.0.1:60001"), identity("tcp/127.0.0.1:60001", "", "silent"))
    finding = next(f for f in said.findings if f.name == NAME)
    assert said.attention is Attention.UNKNOWN
    assert finding.fix.command == "doorward identify 127.0.0.1:60001"


def test_a_name_a_note_or_loopback_is_enough() -> None:
    assert NAME not in {f.name for f in verdict(socket(WHERE), probe(WHERE), identity(WHERE, "ssh")).findings}
    assert NAME not in {
        f.name for f in verdict(socket("tcp/0.0.0.0:22"), probe("tcp/0.0.0.0:22"), identity("tcp/0.0.0.0:22", "", "silent")).findings
    }
    local = "tcp/127.0.0.1:60001"
    assert NAME not in {f.name for f in verdict(socket(local), probe(local), identity(local, "", "silent")).findings}


def test_who_was_not_asked_is_not_accused_of_silence() -> None:
    assert NAME not in {f.name for f in verdict(socket(WHERE), probe(WHERE)).findings}
