"""Audits made by hand for tests of those who remember them and tell of them."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from doorward.store.coverage import Coverage, Look
from doorward.store.intervals import Interval, Standing, Weighing, weigh
from doorward.store.live_sqlite import Store
from doorward.store.testimony import Claim, Key, Passing, Testimony, of_evidence
from doorward.values.clocks import ManualClock
from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence, Fact, Witness
from doorward.values.verdicts import Attention, Finding, Fix, Verdict, VerdictKind

START = datetime.datetime(2026, 5, 1, 12, 0, tzinfo=datetime.UTC)
MACHINE = "laptop"
ALL_WITNESSES = (Witness.SOCKET, Witness.PROBE, Witness.IDENTITY, Witness.USE)


def door(text: str) -> Door:
    """``tcp/0.0.0.0:22`` of the machine ``laptop``, or a whole door."""
    return Door.parse(text if text.count("/") == 2 else f"{MACHINE}/{text}")


def told(
    where: str,
    witness: Witness,
    says: str,
    at: datetime.datetime = START,
    vantage: str = "kernel",
    certainty: Certainty = Certainty.MEASURED,
    facts: Mapping[str, Fact] | None = None,
) -> Evidence:
    return Evidence(door(where), witness, at, vantage, says, certainty, "it was seen", dict(facts or {}))


def listens(where: str, at: datetime.datetime = START, **facts: Fact) -> Evidence:
    return told(where, Witness.SOCKET, "listens", at, facts={"process": "sshd", "user": "root", "pid": 812, **facts})


def probed(where: str, says: str = "open", at: datetime.datetime = START, vantage: str = "this machine") -> Evidence:
    return told(where, Witness.PROBE, says, at, vantage, facts={"rtt_ms": 0.2})


def judged(where: str, kind: VerdictKind = VerdictKind.REAL_DOOR, attention: Attention = Attention.FINE, *findings: str) -> Verdict:
    made = [Finding(name, name, attention, Certainty.MEASURED, "why", "what", Fix("fix"), "wrong when") for name in findings]
    return Verdict(door(where), kind, attention, Certainty.MEASURED, f"It is a {kind}.", [], made)


def claim(says: str = "listens", **facts: Fact) -> Claim:
    return Claim(says, Certainty.MEASURED, facts)


def interval(
    where: str, witness: str = "socket", *, opened: int = 1, closed: int | None = None, says: str = "listens", **parts: object
) -> Interval:
    """An interval that began with entry ``opened`` and ended with ``closed``; entry n is n hours after the start."""
    facts = parts.pop("facts", {})
    assert isinstance(facts, dict)
    values: dict[str, object] = {
        "door": door(where),
        "witness": witness,
        "vantage": "kernel",
        "claim": claim(says, **facts),
        "passing": Passing(),
        "valid_from": START + datetime.timedelta(hours=opened),
        "valid_to": None if closed is None else START + datetime.timedelta(hours=closed),
        "last_seen": START + datetime.timedelta(hours=opened if closed is None else closed - 1),
        "opened_in": opened,
        "closed_in": closed,
        **parts,
    }
    return Interval(**values)  # type: ignore[arg-type]  # a test's own table of values


def standing(*evidence: Evidence, entry: int = 1) -> dict[Key, Standing]:
    """What is known after a run that heard ``evidence`` was written as ``entry``."""
    cut = [of_evidence(one) for one in evidence]
    return {one.key: Standing(row, one.claim, one.at, entry) for row, one in enumerate(cut, 1)}


def weighed(known: dict[Key, Standing], evidence: Iterable[Evidence], looks: Iterable[Look] = (), began_after: int = 1) -> Weighing:
    return weigh(known, [of_evidence(one) for one in evidence], looks, began_after=began_after)


def look(witness: str, coverage: Coverage | None = None, hours: float = 1) -> Look:
    return Look(witness, coverage if coverage is not None else Coverage(MACHINE), START + datetime.timedelta(hours=hours))


def cut(evidence: Evidence) -> Testimony:
    return of_evidence(evidence)


class Memory:
    """A database with a clock that goes on an hour at every audit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = ManualClock(START)

    def audit(
        self,
        *evidence: Evidence,
        verdicts: Iterable[Verdict] = (),
        asked: Iterable[Witness] = ALL_WITNESSES,
        machine: str = MACHINE,
        coverage: Coverage | None = None,
        fails: bool = False,
    ) -> None:
        """Remember one audit that asked ``asked`` everywhere (or at ``coverage``), and raises in its middle when it ``fails``."""
        import msgspec

        self.clock.advance(3600)
        with Store.open(self.path) as store, store.run(verb="audit", machine=machine, clock=self.clock) as run:
            run.add(msgspec.structs.replace(one, at=self.clock.now()) for one in evidence)
            run.add_verdicts(verdicts)
            for witness in asked:
                run.covered(witness, coverage if coverage is not None else Coverage(machine))
            if fails:
                raise RuntimeError("the audit fell over")


def in_another_process(script: str, *words: str, user: int | None = None) -> subprocess.Popen[str]:
    """Start a second Python process with ``script``, its arguments in ``sys.argv``; the caller waits for it or kills it."""
    import os

    path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [sys.executable, "-c", script, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
