"""A program that runs from a file that is no longer there: updated, and never restarted."""

from __future__ import annotations

from doorward.audit.case import Case
from doorward.audit.fixes import restart
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding

__all__ = ["check"]


def check(case: Case) -> Finding | None:
    """Fire when the executable of the door's holder was deleted or replaced since it was started."""
    said = case.testimony
    if said.fact(Witness.SOCKET, "executable_deleted") is not True:
        return None
    return Finding(
        name="replaced-program",
        title=f"{case.who} still runs a program file that was replaced or deleted",
        attention=Attention.NEEDS_YOU if case.is_exposed else Attention.FINE,
        certainty=Certainty.MEASURED,
        why_it_matters="The old program, with its old faults, goes on answering after the update. Malware that deletes itself looks alike.",
        from_what=f"/proc/{said.number(Witness.SOCKET, 'pid')}/exe says the file is deleted",
        fix=restart(said),
        wrong_when="it runs in a container whose files this machine sees differently",
        sources=["proc(5)"],
    )
