"""A door open to others that would not say what it is."""

from __future__ import annotations

from doorward.audit.case import Case
from doorward.audit.table import ProbeWord
from doorward.values.evidence import Certainty
from doorward.values.verdicts import Attention, Finding, Fix

__all__ = ["check"]


def check(case: Case) -> Finding | None:
    """Fire for an open door beyond loopback whose protocol was not recognised and whose number is no help."""
    said = case.testimony
    if not case.is_exposed or case.words.probe is not ProbeWord.OPEN or said.service or said.identity is None or case.note is not None:
        return None
    door = said.door
    return Finding(
        name="unidentified",
        title=f"{case.who} answers at port {door.port}, and did not say what it is",
        attention=Attention.UNKNOWN,
        certainty=Certainty.UNKNOWN,
        why_it_matters="What nobody can name, nobody can judge.",
        from_what=f"it took the connection; to our greetings: {said.identity.says}",
        fix=Fix("Look at what it says, and ask who runs it.", f"doorward identify {_knocked(case)}"),
        wrong_when="its protocol is one we don't know yet",
        sources=[],
    )


def _knocked(case: Case) -> str:
    probe = case.testimony.probes[0].door
    return probe.address.with_port(probe.port)
