"""A door open to the network, through which only this machine itself comes."""

from __future__ import annotations

from doorward.audit.case import Case
from doorward.audit.fixes import bind_to_loopback
from doorward.ports.notes import Public
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding, VerdictKind

__all__ = ["check"]


def check(case: Case) -> Finding | None:
    """Advise a loopback address when every conversation seen now is with this machine itself."""
    said = case.testimony
    used, remote = said.number(Witness.USE, "connections"), said.number(Witness.USE, "remote_connections")
    note = case.note
    made_for_all = note is not None and (note.public is Public.YES or note.subject == "remote")  # to come from elsewhere is their purpose
    if not case.is_exposed or case.kind is not VerdictKind.REAL_DOOR or not used or remote or made_for_all:
        return None
    return Finding(
        name="used-by-this-machine-only",
        title=f"everybody who uses {case.what} now is on this machine, yet it is open {case.where}",
        attention=Attention.FINE,
        certainty=Certainty.INFERRED,
        why_it_matters="A door that only its own house uses need not stand open to the street.",
        from_what=f"{used} conversations now, none of them with another machine",
        fix=bind_to_loopback(said),
        wrong_when="others use it at other times: this was one look",
        sources=[],
    )
