from __future__ import annotations

import pytest

from doorward.audit.case import Case
from doorward.audit.words import words_of
from doorward.ports.live_list import note_for
from doorward.values.evidence import Evidence
from doorward.values.past import NOTHING_REMEMBERED
from doorward.values.transports import Transport
from doorward.values.verdicts import VerdictKind
from witnesses import NOW, identity, one, probe, socket


def case(*evidence: Evidence) -> Case:
    said = one(*evidence)
    note = note_for(Transport.TCP, said.door.port)
    return Case(said, words_of(said, NOTHING_REMEMBERED, NOW), VerdictKind.REAL_DOOR, NOW, note, note)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("tcp/0.0.0.0:22", "on every address of this machine"),
        ("tcp/127.0.0.1:22", "from this machine only"),
        ("tcp/10.0.0.1:22", "on 10.0.0.1"),
    ],
)
def test_where(where: str, words: str) -> None:
    assert case(socket(where)).where == words


def test_who() -> None:
    assert case(socket("tcp/0.0.0.0:22")).who == "sshd (812)"
    assert case(socket("tcp/0.0.0.0:22", pid=None, process="")).who == "a process we may not see"
    assert case(probe("tcp/10.0.0.1:22")).who == "nobody on this machine"


def test_what() -> None:
    assert case(socket("tcp/0.0.0.0:22"), identity("tcp/127.0.0.1:22", "ssh", "OpenSSH 9.2p1")).what == "OpenSSH 9.2p1"
    assert case(socket("tcp/0.0.0.0:22")).what == "ssh"
    assert case(socket("tcp/0.0.0.0:60001")).what == "port 60001/tcp"


def test_encryption_is_what_was_measured() -> None:
    where = "tcp/0.0.0.0:22"
    assert case(socket(where), identity(where, "ssh", encrypted=True)).is_encrypted
    assert case(socket(where), identity(where, "http", tls=True)).is_encrypted
    assert not case(socket(where)).is_encrypted
    assert case(socket(where), identity(where, "smtp", starttls=True)).offers_encryption
