"""A UDP door that answers a small forged question with a large answer to somebody else."""

from __future__ import annotations

from typing import Final

from doorward.audit.case import Case
from doorward.audit.fixes import bind_to_loopback
from doorward.values.evidence import Certainty
from doorward.values.verdicts import Attention, Finding

__all__ = ["check"]

#: UDP port → (name, how many times larger its answer is). Source: CISA alert TA14-017A, UDP-Based Amplification Attacks.
_FACTORS: Final = {
    17: ("Quote of the Day", "140"),
    19: ("chargen", "359"),
    111: ("portmap", "7 to 28"),
    137: ("NetBIOS", "4"),
    161: ("SNMP", "6"),
    389: ("connectionless LDAP", "46 to 55"),
    520: ("RIPv1", "131"),
    1900: ("SSDP", "31"),
    11211: ("memcached", "10,000 to 51,000"),
}


def check(case: Case) -> Finding | None:
    """Fire for the UDP services that attackers are known to reflect traffic from, where others can reach them."""
    if not (case.is_udp and case.is_exposed and case.takes_callers) or case.testimony.door.port not in _FACTORS:
        return None
    name, factor = _FACTORS[case.testimony.door.port]
    return Finding(
        name="amplifier",
        title=f"{name} over UDP is reachable {case.where} and can be turned against others",
        attention=Attention.NEEDS_YOU,
        certainty=Certainty.INFERRED,
        why_it_matters=f"A question with a forged sender makes it flood a victim with an answer up to {factor} times as large.",
        from_what="the port's number and a process that listens there; no flood was tried",
        fix=bind_to_loopback(case.testimony),
        wrong_when="a firewall lets only known machines ask it, or another protocol uses this number here",
        sources=["CISA TA14-017A, UDP-Based Amplification Attacks"],
    )
