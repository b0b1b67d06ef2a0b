"""A name server that looks up any name for any caller, reachable by more than this machine."""

from __future__ import annotations

from doorward.audit.case import Case
from doorward.audit.fixes import bind_to_loopback
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding

__all__ = ["check"]


def check(case: Case) -> Finding | None:
    """Fire when a reachable name server offered recursion to the question that it was asked."""
    said = case.testimony
    if not case.is_exposed or said.fact(Witness.IDENTITY, "recursion_offered") is not True:
        return None
    as_a_friend = said.identity is not None and said.identity.door.address.is_loopback
    return Finding(
        name="open-resolver",
        title=f"{case.what} looks up names for its callers {case.where}",
        attention=Attention.NEEDS_YOU,
        certainty=Certainty.INFERRED,
        why_it_matters="Open to strangers, it answers small forged questions with large answers to a victim.",
        from_what="its answer has the flag that says recursion is available" + (", to a question from loopback" if as_a_friend else ""),
        fix=bind_to_loopback(said),
        wrong_when="it is the resolver of a closed network, or answers this machine and its network alone (allow-recursion)",
        sources=["RFC 5358 (BCP 140)", "RFC 1035 §4.1.1"],
    )
