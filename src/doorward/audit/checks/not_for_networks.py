"""A door made for one machine or one trusted network, standing open to more."""

from __future__ import annotations

from doorward.audit.case import Case
from doorward.audit.fixes import bind_to_loopback
from doorward.ports.notes import Public
from doorward.values.evidence import Certainty
from doorward.values.verdicts import Attention, Finding

__all__ = ["check"]


def check(case: Case) -> Finding | None:
    """Fire when what answers, or the number where nothing was identified, is known not to belong on a network of strangers."""
    note = case.note
    if note is None or note.public is not Public.NO or not (case.is_exposed and case.takes_callers):
        return None
    identified = bool(case.testimony.service)
    fix = bind_to_loopback(case.testimony)
    return Finding(
        name="not-for-networks",
        title=f"{case.what} is reachable {case.where}, and is not made for that",
        attention=Attention.NEEDS_YOU,
        certainty=Certainty.MEASURED if identified else Certainty.INFERRED,
        why_it_matters=note.risk,
        from_what=f"{case.what} answers here" if identified else f"the number: {note.title}; what answers did not say what it is",
        fix=type(fix)(f"{fix.words} {note.instead}".strip(), fix.command),
        wrong_when="a firewall or a closed network lets only the machines in that need it (no firewall was asked)",
        sources=note.sources,
    )
