"""The active users service: a list in free form, believed only on its own port."""

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

NAME: Final = "systat"
TITLE: Final = "Systat: who is logged in, or what runs"
SOURCE: Final = "RFC 866"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (11,)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 4096

# The heads of the lists that are served there: ps, who, w, and netstat behind the neighbouring port 15.
_HEAD = re.compile(
    rb"\s{0,4}(?:[ \t]{0,8}(?:F S )?(?:PID|UID|USER|LOGIN)\b[^\r\n]{0,60}\b(?:TTY|PID|FROM|COMMAND|CMD)\b|Active Internet connections)",
    re.IGNORECASE,
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """In TCP the server speaks unasked; in UDP any datagram asks."""
    return b"\r\n"


def read(received: bytes, context: Context) -> Identity | None:
    """Read the head of the list; text of another form proves nothing even here."""
    if context.port not in USUAL_PORTS or context.spoke not in ("", NAME) or not _HEAD.match(received[:200]):
        return None
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "banner": banner_fact(received)}
    return Identity(
        service=NAME,
        certainty=Certainty.INFERRED,
        why="it sends a list of users or processes unasked, on the port of systat",
        sentence="This shows strangers who is logged in and what runs here (systat). Close it.",
        facts=facts,
    )
