"""What a scan hands to the audit: results become the probe's evidence. Knows the words both sides agreed on, and no network."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from doorward.scan.doorstates import DoorState
from doorward.scan.results import DoorResult
from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence, Fact, Witness

__all__ = ["testify"]


def testify(
    results: Iterable[DoorResult],
    *,
    machine: str,
    at: datetime.datetime,
    vantage: str = "this machine",  # noqa: PT028  # "testify" is no test
) -> list[Evidence]:
    """Return one piece of evidence per result: ``says`` is open, closed, filtered, or unknown where no knock could be made.

    ``vantage`` is where the knocks came from, in words: "this machine".
    """
    return [_evidence(result, machine, at, vantage) for result in results]


def _evidence(result: DoorResult, machine: str, at: datetime.datetime, vantage: str) -> Evidence:
    facts: dict[str, Fact] = {"reason": str(result.reason)}
    if result.rtt_ns is not None:
        facts["rtt_ms"] = round(result.rtt_ns / 1e6, 3)
    if result.told_by is not None:
        facts["told_by"] = str(result.told_by)
    return Evidence(
        door=Door(machine, result.address, result.transport, result.port),
        witness=Witness.PROBE,
        at=at,
        vantage=vantage,
        says=str(result.state),
        certainty=Certainty.UNKNOWN if result.state is DoorState.UNKNOWN else Certainty.MEASURED,
        why=f"a connection from {vantage}: {result.reason.meaning}",
        facts=facts,
    )
