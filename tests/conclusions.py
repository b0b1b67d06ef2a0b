"""Conclusions made by hand, for tests of those who tell them."""

from __future__ import annotations

import datetime

from doorward.identify.conclusion import Conclusion, Endpoint, Outcome
from doorward.identify.engine import Attempt, Heard
from doorward.identify.identity import Identity
from doorward.identify.probing import Tunnel, Turn
from doorward.values.addresses import Address
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

AT = datetime.datetime(2026, 5, 1, 12, 0, tzinfo=datetime.UTC)
HERE = Address.parse("127.0.0.1")
#: All that a terminal, Rich, a page or a spreadsheet could be harmed with, in one text.
HOSTILE = "\x1b]0;PWNED\x07\x1b[2J\x9b31m\u202eevil\u2066[red]x[/red]<script>alert(1)</script>\n=cmd"


def identified(**given: object) -> Conclusion:
    """A mail server as it was concluded; ``given`` replaces parts of its identity."""
    parts: dict[str, object] = {
        "service": "smtp",
        "product": "Exim",
        "version": "4.96",
        "vendor": "Exim project",
        "system": "Debian 12",
        "cpe": "cpe:2.3:a:exim:exim:4.96:*:*:*:*:*:*:*",
        "why": "its greeting says SMTP",
        "sentence": "This is a mail server: Exim 4.96, on Debian 12.",
        "facts": {"banner": "220 x", "encrypted": False, "tls": False, "starttls": True},
        "certainty": Certainty.MEASURED,
    }
    turns = (Turn(b"", b"220 x ESMTP Exim 4.96\r\n"), Turn(b"EHLO doorward.invalid\r\n", b"250-x\r\n250 HELP\r\n"))
    identity = Identity(**{**parts, **given})  # type: ignore[arg-type]
    heard = Heard(attempt=Attempt(opening="http"), turns=turns, claim=identity, claim_is_its_own=True, closed=True)
    return Conclusion(
        endpoint=Endpoint(Transport.TCP, HERE, 25),
        at=AT,
        outcome=Outcome.IDENTIFIED,
        identity=identity,
        why=identity.why,
        heard=(heard,),
        rtt_ms=0.21,
        elapsed_ms=87.6,
        connections=1,
    )


def unidentified(outcome: Outcome, received: bytes = b"", why: str = "it said nothing") -> Conclusion:
    """A door that told nothing that is understood."""
    turns = (Turn(b"GET / HTTP/1.1\r\n\r\n", received),)
    inside = Heard(attempt=Attempt(opening="http", tls=True), trouble="TLS handshake failed: wrong version number")
    heard = (Heard(attempt=Attempt(opening="http"), spoke="http", turns=turns, tunnel=Tunnel(version="TLSv1.3")), inside)
    return Conclusion(endpoint=Endpoint(Transport.TCP, HERE, 4000), at=AT, outcome=outcome, why=why, heard=heard, connections=2)
