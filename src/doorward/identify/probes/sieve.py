"""ManageSieve: reads the greeting in which the server lists its abilities, and goes on encrypted where it can; logs in nowhere."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.identify.systems import system_from_revision
from doorward.values.evidence import Fact
from doorward.values.printable import printable
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
    "next_words",
    "read",
]

NAME: Final = "sieve"
TITLE: Final = "Rules for sorting mail (ManageSieve)"
SOURCE: Final = "RFC 5804"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    4190,
    2000,
)  # IANA: sieve; the old one
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_CAPABILITY = re.compile(rb'(?m)^"([A-Za-z0-9-]{2,30})"(?: "([^"\r\n]{0,1000})")?\r?$')
_START_TLS: Final = b"STARTTLS\r\n"  # §2.2
_LOGOUT: Final = b"LOGOUT\r\n"
_RESPONSE = re.compile(rb"(?m)^(OK|NO|BYE)\b[^\r\n]{0,400}\r?\n")
_SERVERS = (
    pattern(r"Dovecot.*Pigeonhole", "Dovecot Pigeonhole", "Dovecot project", "dovecot:pigeonhole"),
    pattern(r"Cyrus timsieved v?(\d[\w.]*)?", "Cyrus timsieved", "Cyrus project", "cyrus:imap"),
    pattern(r"^dovecot$", "Dovecot Pigeonhole", "Dovecot project", "dovecot:pigeonhole"),
    pattern(r"Stalwart", "Stalwart", "Stalwart Labs", "stalw:stalwart"),
    pattern(r"Apache James", "Apache James", "Apache Software Foundation", "apache:james"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server greets
    """Nothing: the server lists its abilities unasked."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """STARTTLS where it is offered, then nothing more."""
    answers = _RESPONSE.findall(received)
    said = [turn.sent for turn in context.turns if turn.sent]
    if context.closed or not answers or not _CAPABILITY.match(received):
        return Step.WAIT if received[:1] in (b"", b'"') and not context.closed else Step.DONE
    if not said:
        return _START_TLS if b'"STARTTLS"' in received and context.tunnel is None else _LOGOUT
    if said[-1] == _START_TLS and context.tunnel is None:
        return Step.WAIT if len(answers) < 2 else Step.START_TLS if answers[1] == b"OK" else Step.DONE
    return Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the quoted abilities; one of them names the server."""
    text = received[:MAX_BYTES]
    if not text.startswith(b'"'):
        return None
    told = {found[1].upper().decode(): (found[2] or b"").decode("utf-8", "replace") for found in _CAPABILITY.finditer(text)}
    if "IMPLEMENTATION" not in told or "SIEVE" not in told:
        return None
    server = name_server(told["IMPLEMENTATION"], _SERVERS)
    system = system_from_revision(told["IMPLEMENTATION"])
    facts: dict[str, Fact] = {
        "banner": printable(told["IMPLEMENTATION"], 200),
        "encrypted": context.tunnel is not None,
        "authentication": "required",
        "starttls": "STARTTLS" in told,
        "extensions": printable(told["SIEVE"], 1000).split()[:60],
    }
    if told.get("SASL"):
        facts["mechanisms"] = printable(told["SASL"], 300).split()[:20]
    if told.get("VERSION"):
        facts["protocol_version"] = printable(told["VERSION"], 20)
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=system,
        cpe=server.cpe,
        why="it greets with the list of its abilities, as ManageSieve wants it",
        sentence=introduce("a door for changing the rules by which mail is sorted (ManageSieve)", server.product, server.version, system),
        facts=facts,
    )
