"""Evidence made by hand for tests of those who judge it and draw it."""

from __future__ import annotations

import datetime

from doorward.audit.answer import AuditAnswer, WitnessReport
from doorward.audit.judge import judge
from doorward.audit.testimony import Testimony, gather
from doorward.ports.live_list import port_list
from doorward.values.addresses import Address
from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence, Fact, Witness
from doorward.values.past import NOTHING_REMEMBERED, Past
from doorward.values.verdicts import Verdict

NOW = datetime.datetime(2026, 5, 2, 12, 0, tzinfo=datetime.UTC)


def door(text: str) -> Door:
    """``tcp/0.0.0.0:22`` of the machine ``laptop``."""
    return Door.parse(f"laptop/{text}")


def socket(where: str, **facts: Fact) -> Evidence:
    given: dict[str, Fact] = {"process": "sshd", "pid": 812, "dual_stack": True, **facts}
    return Evidence(door(where), Witness.SOCKET, NOW, "kernel", "listens", Certainty.MEASURED, "", given)


def probe(where: str, says: str = "open", **facts: Fact) -> Evidence:
    return Evidence(door(where), Witness.PROBE, NOW, "this machine", says, Certainty.MEASURED, "", {"rtt_ms": 0.2, **facts})


def identity(where: str, service: str, says: str = "", **facts: Fact) -> Evidence:
    return Evidence(
        door(where), Witness.IDENTITY, NOW, "this machine", says or service, Certainty.MEASURED, "", {"service": service, **facts}
    )


def use(where: str, connections: int = 0, remote: int = 0) -> Evidence:
    facts: dict[str, Fact] = {"connections": connections, "remote_connections": remote}
    return Evidence(door(where), Witness.USE, NOW, "kernel", "used" if connections else "none now", Certainty.MEASURED, "", facts)


def one(*evidence: Evidence) -> Testimony:
    """Gather evidence that speaks of one door."""
    gathered = gather(evidence).testimonies
    assert len(gathered) == 1
    return gathered[0]


def judged(*evidence: Evidence, past: Past = NOTHING_REMEMBERED, sockets_read: bool = True) -> list[Verdict]:
    return judge(gather(evidence).testimonies, port_list(), past, NOW, sockets_read=sockets_read)


def verdict(*evidence: Evidence, past: Past = NOTHING_REMEMBERED) -> Verdict:
    """Judge evidence that speaks of one door."""
    verdicts = judged(*evidence, past=past)
    assert len(verdicts) == 1
    return verdicts[0]


def answer(*evidence: Evidence) -> AuditAnswer:
    """Make an audit's answer from evidence."""
    asked = {Witness.SOCKET, Witness.PROBE, Witness.IDENTITY, Witness.USE}
    return AuditAnswer(
        machine="laptop",
        at=NOW,
        seconds=1.25,
        own_addresses=[Address.parse("127.0.0.1"), Address.parse("192.168.1.5")],
        witnesses=[WitnessReport(witness, witness in asked, "everything") for witness in Witness],
        verdicts=judged(*evidence),
        nobody_home=3,
        limits=["Knocks came from this machine itself."],
    )
