"""A door whose holder we were not allowed to see."""

from __future__ import annotations

from doorward.audit.case import Case
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding, Fix

__all__ = ["check"]


def check(case: Case) -> Finding | None:
    """Fire for a listening socket without a known process."""
    said = case.testimony
    if said.socket is None or said.process or said.number(Witness.SOCKET, "pid") or said.text(Witness.SOCKET, "unit"):
        return None
    user = said.text(Witness.SOCKET, "user")
    return Finding(
        name="unseen-holder",
        title="we may not see which process holds this door",
        attention=Attention.UNKNOWN if case.is_exposed else Attention.FINE,
        certainty=Certainty.UNKNOWN,
        why_it_matters="Without its holder nobody can say who opened it, or how to close it.",
        from_what=f"the socket belongs to the user {user}" if user else "the kernel names no owner we may look into",
        fix=Fix("Ask again with the right to see other users' processes.", "sudo doorward audit"),
        wrong_when="the kernel itself holds it (NFS, WireGuard): then no process ever will be named",
        sources=["proc(5), PTRACE_MODE_READ"],
    )
