"""A listener whose queue of waiting callers is full: the kernel turns new ones away although the door stands open."""

from __future__ import annotations

from doorward.audit.case import Case
from doorward.audit.fixes import restart
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding

__all__ = ["check"]


def check(case: Case) -> Finding | None:
    """Fire when more callers wait than the program asked the kernel to keep waiting."""
    said = case.testimony
    waiting, limit = said.number(Witness.SOCKET, "accept_queue"), said.number(Witness.SOCKET, "accept_limit")
    if case.is_udp or said.socket is None or waiting == 0 or waiting < limit:
        return None
    return Finding(
        name="full-queue",
        title=f"{waiting} callers wait at {case.what}, and it takes none of them",
        attention=Attention.NEEDS_YOU,
        certainty=Certainty.MEASURED,
        why_it_matters="New callers get no answer at all: the kernel drops their knocks while the queue is full.",
        from_what=f"the kernel counts {waiting} finished handshakes in a queue with room for {limit}",
        fix=restart(said),
        wrong_when="it was a short burst: look again, the queue empties by itself",
        sources=["listen(2)", "Linux Documentation/networking/ip-sysctl, somaxconn"],
    )
