from __future__ import annotations

from doorward.values.doors import Door
from doorward.values.evidence import Certainty
from doorward.values.records import decode_json, encode_json
from doorward.values.verdicts import Attention, Finding, Fix, Verdict, VerdictKind


def test_a_verdict_survives_json_with_its_findings() -> None:
    finding = Finding(
        "cleartext-login", "t", Attention.NEEDS_YOU, Certainty.INFERRED, "why", "what", Fix("stop it", "systemctl stop x"), "when"
    )
    verdict = Verdict(
        door=Door.parse("laptop/tcp/0.0.0.0:23"),
        kind=VerdictKind.REAL_DOOR,
        attention=Attention.NEEDS_YOU,
        certainty=Certainty.MEASURED,
        sentence="telnet is open",
        evidence=[],
        findings=[finding],
        fix=finding.fix,
    )
    assert decode_json(encode_json(verdict), Verdict) == verdict


def test_attention_is_in_the_order_of_showing() -> None:
    assert [a.value for a in Attention] == ["needs you", "unknown", "fine"]
