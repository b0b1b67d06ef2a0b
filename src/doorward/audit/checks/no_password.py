"""A store of data that asks nobody for a password, reachable by more than this machine."""

from __future__ import annotations

from doorward.audit.case import Case
from doorward.audit.fixes import bind_to_loopback
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding

__all__ = ["check"]

#: Services that are meant to serve strangers without a login.
_MEANT_FOR_ALL = frozenset(
    {"http", "https", "dns", "domain", "smtp", "nntp", "ntp", "echo", "discard", "daytime", "time", "chargen", "finger", "ssh"}
)


def check(case: Case) -> Finding | None:
    """Fire when the identity witness got in without a password where a login is the only guard."""
    said = case.testimony
    if not case.is_exposed or said.service in _MEANT_FOR_ALL or said.fact(Witness.IDENTITY, "authentication") != "none":
        return None
    as_a_friend = said.identity is not None and said.identity.door.address.is_loopback
    return Finding(
        name="no-password",
        title=f"{case.what} lets anybody in {case.where}: it asks for no password",
        attention=Attention.NEEDS_YOU,
        certainty=Certainty.INFERRED if as_a_friend else Certainty.MEASURED,
        why_it_matters="Whoever reaches it reads and changes all its data, and with some of these programs takes over the machine.",
        from_what="it answered a question that needs no rights with its data, and did not ask for a login first",
        fix=bind_to_loopback(said),
        wrong_when="it treats callers from this machine alone as friends (it was asked from loopback)"
        if as_a_friend
        else "a firewall or a closed network lets only trusted machines reach it (no firewall was asked)",
        sources=["CWE-306: Missing Authentication for Critical Function"],
    )
