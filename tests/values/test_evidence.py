from __future__ import annotations

import datetime

from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence, Witness
from doorward.values.records import decode_json, encode_json


def test_an_envelope_survives_json() -> None:
    envelope = Evidence(
        door=Door.parse("laptop/tcp/[::1]:22"),
        witness=Witness.SOCKET,
        at=datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC),
        vantage="kernel",
        says="listens",
        certainty=Certainty.MEASURED,
        why="the kernel's table of sockets has it",
        facts={"pid": 812, "process": "sshd", "dual_stack": False, "processes": ["sshd"], "load": 0.5, "unit": None},
    )
    assert decode_json(encode_json(envelope), Evidence) == envelope


def test_two_envelopes_share_no_facts() -> None:
    door = Door.parse("laptop/tcp/[::1]:22")
    moment = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
    one, two = (Evidence(door, Witness.USE, moment, "kernel", "used", Certainty.MEASURED) for _ in range(2))
    assert one.facts is not two.facts
