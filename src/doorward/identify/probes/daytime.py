"""The daytime service: one line with date and time, sent to whoever connects; no clock is asked whether it is right."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact
from doorward.identify.probing import Context, Safety
from doorward.values.evidence import Certainty, Fact
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "daytime"
TITLE: Final = "Daytime: date and time as a line of text"
SOURCE: Final = "RFC 867"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (13,)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_LONGEST: Final = 100
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = rb"[0-2]?\d:[0-5]\d(?::[0-6]\d)?"
# RFC 867 leaves the form open. These are whole lines; nothing may stand before or after them.
_FORMS = tuple(
    re.compile(rb"[\r\n]{0,2}" + form + rb"[ \x00]?[\r\n]{0,4}\x00?", re.IGNORECASE)
    for form in (
        rb"[0-3]?\d[ -]" + _MONTH + rb"[ -]\d{2,4} " + _CLOCK + rb"(?: [A-Z+-][A-Z0-9:+-]{1,6})?",  # 23 NOV 2026 17:37:05 UTC (xinetd)
        rb"[A-Z]{3} " + _MONTH + rb" [ 0-3]?\d " + _CLOCK + rb"(?: [A-Z]{2,5})? \d{4}",  # Mon Nov 23 17:37:05 2026 (BSD inetd)
        rb"[A-Z]{6,9}, " + _MONTH + rb"[a-z]{0,6} [ 0-3]?\d, \d{4} " + _CLOCK + rb"-[A-Z]{2,5}",  # the RFC's own example
        rb"\d{5} \d\d-\d\d-\d\d " + _CLOCK + rb" \d\d \d \d ?[ \d]?\d?(?:\.\d)? ?[\d.]{0,6} ?UTC\([A-Z]{2,6}\) [*#]",  # NIST's servers
        _CLOCK + rb"(?: [AP]M)? \d{1,2}/\d{1,2}/\d{2,4}",  # Windows' simple TCP/IP services
        rb"\d{4}-\d\d-\d\d[ T]" + _CLOCK + rb"(?:Z| ?[+-]\d\d:?\d\d| [A-Z]{2,5})?",  # ISO 8601
    )
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """In TCP the server speaks unasked; in UDP any datagram asks, and an empty one has broken devices."""
    return b"\r\n"


def read(received: bytes, context: Context) -> Identity | None:
    """Read the line; it must be all that came."""
    if not 8 <= len(received) <= _LONGEST or not any(form.fullmatch(received) for form in _FORMS):
        return None
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none", "banner": banner_fact(received)}
    whole = context.closed or context.transport is Transport.UDP
    return Identity(
        service=NAME,
        certainty=Certainty.MEASURED if whole else Certainty.INFERRED,
        why="all it says is one line with date and time",
        sentence="This tells date and time to whoever asks (daytime). Time is fetched by NTP today: close it.",
        facts=facts,
    )
