"""Whois: asks about a name that nobody may hold, and reads the refusal."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
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

NAME: Final = "whois"
TITLE: Final = "Who holds a name or an address (whois)"
SOURCE: Final = "RFC 3912"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    43,
    4321,
)  # IANA: whois, rwhois
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_WORDS = re.compile(
    rb"(?i)no match for|no (?:entries|data|object) found|not found|whois|registrar|registry|%error:|rights restricted|domain name:"
)
_COMMENT = re.compile(rb"(?:[%#][^\r\n]{0,300}\r?\n){1,60}")
_RWHOIS = re.compile(rb"%rwhois V-1\.[05](?::[0-9a-f]{6}:\d\d)? ([\w.-]{1,200})")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A name under the top that is kept for nothing (RFC 2606)."""
    return b"doorward.invalid\r\n"


def read(received: bytes, context: Context) -> Identity | None:
    """Read the refusal, or referral whois's greeting."""
    text = received[:MAX_BYTES]
    referral = _RWHOIS.match(text)
    own = context.spoke == NAME and (_COMMENT.match(text) or text[:1].isalpha()) and _WORDS.search(text[:4000])
    if referral is None and not (own and not text.startswith((b"HTTP/", b"ERR", b"-ERR", b"<"))):
        return None
    facts: dict[str, Fact] = {"banner": banner_fact(text), "encrypted": context.tunnel is not None, "authentication": "none"}
    return Identity(
        service=NAME,
        host_name=referral[1].decode() if referral else "",
        certainty=Certainty.MEASURED if referral else Certainty.INFERRED,
        why="it greets as referral whois does" if referral else "it says of our question what whois servers say",
        sentence=introduce("a server that tells who holds a name or an address (whois)"),
        facts=facts,
    )
