"""A door through which whoever reaches it runs programs of their own, and which asks nobody who they are."""

from __future__ import annotations

from doorward.audit.case import Case
from doorward.audit.fixes import bind_to_loopback
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding

__all__ = ["check"]


def check(case: Case) -> Finding | None:
    """Fire when what answers runs its callers' code and wanted no login; on loopback, too, for every local user is such a caller."""
    said = case.testimony
    if said.fact(Witness.IDENTITY, "runs_code") is not True or said.fact(Witness.IDENTITY, "authentication") == "required":
        return None
    open_to_all = said.fact(Witness.IDENTITY, "authentication") == "none"
    return Finding(
        name="runs-code",
        title=f"{case.what} runs programs for whoever comes in {case.where}",
        attention=Attention.NEEDS_YOU if case.is_exposed or open_to_all else Attention.UNKNOWN,
        certainty=Certainty.MEASURED if open_to_all else Certainty.INFERRED,
        why_it_matters="Its protocol is made to start code. Who reaches it needs no hole in it to own the account it runs as, often root.",
        from_what="it answered as such a service"
        + (" without asking for a login" if open_to_all else "; whether it asks for a login is unknown"),
        fix=bind_to_loopback(said),
        wrong_when="only you can reach it, for as long as you debug",
        sources=["CWE-306: Missing Authentication for Critical Function"],
    )
