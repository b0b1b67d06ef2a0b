from __future__ import annotations

import datetime

from doorward.scan import testimony
from doorward.scan.doorstates import Reason
from doorward.scan.results import DoorResult
from doorward.values.addresses import Address
from doorward.values.evidence import Certainty, Witness

NOW = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
HERE = Address.parse("127.0.0.1")


def test_results_become_evidence() -> None:
    results = [
        DoorResult(HERE, 22, Reason.ACCEPTED, 250_000),
        DoorResult(HERE, 23, Reason.REFUSED, 50_000),
        DoorResult(HERE, 24, Reason.PROHIBITED, 90_000, told_by=Address.parse("10.0.0.1")),
        DoorResult(HERE, 25, Reason.NO_ANSWER, None, 3),
        DoorResult(HERE, 26, Reason.NO_DESCRIPTOR, None, 0),
    ]
    evidence = testimony.testify(results, machine="laptop", at=NOW)
    assert [one.says for one in evidence] == ["open", "closed", "filtered", "filtered", "unknown"]
    assert str(evidence[0].door) == "laptop/tcp/127.0.0.1:22"
    assert evidence[0].facts == {"reason": "accepted", "rtt_ms": 0.25}
    assert evidence[2].facts["told_by"] == "10.0.0.1"
    assert "rtt_ms" not in evidence[3].facts
    assert {one.witness for one in evidence} == {Witness.PROBE}
    assert {one.vantage for one in evidence} == {"this machine"}
    assert [one.certainty for one in evidence] == [Certainty.MEASURED] * 4 + [Certainty.UNKNOWN]
    assert evidence[4].why == "a connection from this machine: no file descriptor came free, so no knock was made"
