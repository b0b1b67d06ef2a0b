"""A number that promises one protocol, and a door that speaks another."""

from __future__ import annotations

from typing import Final

from doorward.audit.case import Case
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding, Fix

__all__ = ["check"]

#: Numbers whose promise everybody relies on → the services that keep it, by our readers' names.
_PROMISES: Final = {
    21: {"ftp"}, 22: {"ssh"}, 23: {"telnet"}, 25: {"smtp"}, 53: {"dns"}, 80: {"http"}, 110: {"pop3"}, 119: {"nntp"}, 143: {"imap"},
    443: {"http", "tls"}, 465: {"smtp"}, 587: {"smtp"}, 993: {"imap"}, 995: {"pop3"},
    3306: {"mysql"}, 5432: {"postgresql"}, 6379: {"redis"},
}  # fmt: skip
_INSIDE_TLS: Final = frozenset({443, 465, 993, 995})


def check(case: Case) -> Finding | None:
    """Note when a well-known number is held by another protocol, or by the right one without the encryption its number stands for."""
    said = case.testimony
    port, service = said.door.port, said.service
    if case.is_udp or not service or port not in _PROMISES:
        return None
    tls = said.fact(Witness.IDENTITY, "tls")
    plain = port in _INSIDE_TLS and tls is False
    if service in _PROMISES[port] and not plain:
        return None
    expected = case.number_note.name if case.number_note is not None else "/".join(sorted(_PROMISES[port]))
    return Finding(
        name="speaks-otherwise",
        title=f"port {port} promises {expected}, and {case.what} answers" + (" without encryption" if plain else ""),
        attention=Attention.NEEDS_YOU if plain and case.is_exposed else Attention.FINE,
        certainty=Certainty.MEASURED,
        why_it_matters="Clients and firewalls go by the number; what hides behind another one's number is often there to pass a firewall.",
        from_what=f"what it said: {case.what}",
        fix=Fix("Make sure that you put it there, and give it its own number where you can."),
        wrong_when="it shares the port between several protocols on purpose (sslh and the like)",
        sources=["RFC 6335 §6"],
    )
