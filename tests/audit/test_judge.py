from __future__ import annotations

import datetime

import msgspec

from doorward.audit.words import OUTSIDE
from doorward.values.evidence import Certainty, Evidence
from doorward.values.past import DoorPast, Past
from doorward.values.verdicts import Attention, VerdictKind
from witnesses import NOW, door, identity, judged, probe, socket, use, verdict


def test_an_ordinary_ssh_server_is_fine() -> None:
    where = "tcp/0.0.0.0:22"
    said = verdict(
        socket(where), probe("tcp/10.0.0.1:22"), identity("tcp/10.0.0.1:22", "ssh", "OpenSSH 9.2p1", encrypted=True), use(where, 2, 1)
    )
    assert said.kind is VerdictKind.REAL_DOOR
    assert said.attention is Attention.FINE
    assert said.certainty is Certainty.INFERRED, "the firewall was not asked"
    assert said.sentence == (
        "OpenSSH 9.2p1 takes callers on every address of this machine; sshd (812) holds it."
        " 2 conversations now, 1 of them with other machines."
    )
    assert [e.witness.value for e in said.evidence] == ["socket", "probe", "identity", "use"]


def test_what_nobody_holds_needs_a_person() -> None:
    said = verdict(probe("tcp/10.0.0.1:8080"), identity("tcp/10.0.0.1:8080", "http"))
    assert said.kind is VerdictKind.SOMETHING_ELSE
    assert said.attention is Attention.NEEDS_YOU
    assert said.fix is not None
    assert "8080" in said.fix.command


def test_a_door_that_only_this_machine_reaches_is_local() -> None:
    said = verdict(
        socket("tcp/127.0.0.1:6379", process="redis-server"),
        probe("tcp/127.0.0.1:6379"),
        identity("tcp/127.0.0.1:6379", "redis", authentication="none"),
    )
    assert said.kind is VerdictKind.LOCAL_DOOR
    assert said.attention is Attention.FINE
    assert said.certainty is Certainty.MEASURED


def test_a_refusal_where_a_process_listens_needs_a_person() -> None:
    said = verdict(socket("tcp/10.0.0.1:80"), probe("tcp/10.0.0.1:80", "closed"))
    assert said.kind is VerdictKind.SILENT_DOOR
    assert said.attention is Attention.NEEDS_YOU
    assert "is refused" in said.sentence


def test_a_clients_own_port_is_no_door() -> None:
    said = verdict(socket("udp/0.0.0.0:51234", process="chrome", client_port=True))
    assert said.kind is VerdictKind.CONVERSATION
    assert said.attention is Attention.FINE
    assert said.findings == []


def test_an_unused_door_is_told_with_its_looks_and_days() -> None:
    where = "tcp/0.0.0.0:22"
    first = NOW - datetime.timedelta(days=30)
    known = DoorPast(door(where), first, NOW, audits_seen=9, audits_covering=9)
    past = Past("laptop", 9, first, NOW, {known.door: known})
    said = verdict(socket(where, unit="ssh.service"), probe(where), identity(where, "ssh", encrypted=True), use(where), past=past)
    assert said.kind is VerdictKind.UNUSED_DOOR
    assert said.attention is Attention.NEEDS_YOU
    assert "Nobody in 9 looks over 30 days." in said.sentence
    assert said.fix is not None
    assert said.fix.command == "sudo systemctl disable --now ssh.service"


def test_what_needs_a_person_comes_first() -> None:
    verdicts = judged(
        socket("tcp/127.0.0.1:1"), probe("tcp/127.0.0.1:1"),
        socket("tcp/0.0.0.0:60001"), probe("tcp/127.0.0.1:60001"), identity("tcp/127.0.0.1:60001", "", "silent"),
        socket("tcp/0.0.0.0:23", process="telnetd"), probe("tcp/127.0.0.1:23"), identity("tcp/127.0.0.1:23", "telnet", encrypted=False),
    )  # fmt: skip
    assert [v.attention for v in verdicts] == [Attention.NEEDS_YOU, Attention.UNKNOWN, Attention.FINE]
    assert [v.door.port for v in verdicts] == [23, 60001, 1]


def test_a_table_that_was_not_read_accuses_nobody() -> None:
    assert judged(probe("tcp/10.0.0.1:80"), sockets_read=False)[0].kind is VerdictKind.UNKNOWN


def test_every_finding_explains_itself() -> None:
    verdicts = judged(
        socket("tcp/0.0.0.0:23", process="telnetd"), probe("tcp/127.0.0.1:23"), identity("tcp/127.0.0.1:23", "telnet", encrypted=False),
        socket("tcp/0.0.0.0:6379", process="redis-server"), probe("tcp/127.0.0.1:6379"),
        identity("tcp/127.0.0.1:6379", "redis", authentication="none"),
        socket("udp/0.0.0.0:19"),
    )  # fmt: skip
    findings = [finding for one in verdicts for finding in one.findings]
    assert {"cleartext-login", "no-password", "amplifier", "not-for-networks"} <= {f.name for f in findings}
    for finding in findings:
        assert finding.title
        assert finding.why_it_matters.endswith(".")
        assert finding.from_what
        assert finding.fix.words.endswith(".")
        assert finding.wrong_when


def from_outside(where: str, says: str) -> Evidence:
    return msgspec.structs.replace(probe(where, says), vantage=OUTSIDE)


def test_a_door_that_a_firewall_keeps_others_from_is_fine() -> None:
    where = "tcp/0.0.0.0:6379"
    said = verdict(
        socket(where, process="redis-server"),
        probe("tcp/127.0.0.1:6379"),
        from_outside(where, "filtered"),
        identity("tcp/127.0.0.1:6379", "redis", "Redis 7", authentication="none"),
    )
    assert said.kind is VerdictKind.SHIELDED_DOOR
    assert said.certainty is Certainty.MEASURED
    assert said.attention is Attention.FINE
    assert "a neighbour's knock gets no answer" in said.sentence


def test_what_only_others_find_is_forwarded() -> None:
    said = verdict(from_outside("tcp/0.0.0.0:8080", "open"))
    assert said.kind is VerdictKind.SOMETHING_ELSE
    assert "forwarded elsewhere (DNAT)" in said.sentence
