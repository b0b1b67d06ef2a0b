"""LMTP: greets the mail server as its own helpers do, and reads its abilities; delivers nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.identify.systems import system_from_revision
from doorward.values.evidence import Certainty, Fact
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

NAME: Final = "lmtp"
TITLE: Final = "Mail for one machine's mailboxes (LMTP)"
SOURCE: Final = "RFC 2033"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    24,
    2003,
)  # by habit: Dovecot's and Cyrus's manuals
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_HELLO: Final = b"LHLO doorward.invalid\r\n"  # RFC 2033 §4.1
_QUIT: Final = b"QUIT\r\n"
_GREETING = re.compile(rb"220[ -]([\w.-]{1,255}) ([^\r\n]{0,400})\r?\n")
_OFFERS = re.compile(rb"(?m)^250[ -]([^\r\n]{1,200})\r?$")
_SERVERS = (
    pattern(r"\bDovecot\b", "Dovecot", "Dovecot project", "dovecot:dovecot"),
    pattern(r"\bCyrus LMTP v?(\d[\w.]*)?", "Cyrus", "Cyrus project", "cyrus:imap"),
    pattern(r"\bZimbra LMTP\D*(\d[\w.]*)?", "Zimbra", "Synacor", "zimbra:collaboration"),
    pattern(r"\bStalwart\b", "Stalwart", "Stalwart Labs", "stalw:stalwart"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server greets
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """LHLO, QUIT."""
    if _GREETING.match(received) is None or context.closed:
        return Step.WAIT if b"\n" not in received and not context.closed else Step.DONE
    said = [turn.sent for turn in context.turns if turn.sent]
    if not said:
        return _HELLO
    if said[-1] == _HELLO:
        return _QUIT if re.search(rb"(?m)^\d{3} [^\r\n]*\r?\n", context.turns[-1].received) else Step.WAIT
    return Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting; LHLO's success or the word LMTP tells it from SMTP."""
    text = received[:MAX_BYTES]
    greeting = _GREETING.match(text)
    if greeting is None:
        return None
    offers = [found.decode("utf-8", "replace") for found in _OFFERS.findall(text, greeting.end())]
    agreed = bool(offers) and any(turn.sent == _HELLO for turn in context.turns)
    refused = any(turn.sent == _HELLO and turn.received[:1] == b"5" for turn in context.turns)
    if not agreed and b"LMTP" not in greeting[2] and (refused or context.port not in USUAL_PORTS):
        return None
    words = greeting[2].decode("utf-8", "replace")
    server, system = name_server(words, _SERVERS), system_from_revision(words)
    facts: dict[str, Fact] = {"banner": banner_fact(greeting[0]), "encrypted": context.tunnel is not None, "authentication": "unknown"}
    if agreed:
        facts["capabilities"] = [printable(offer, 100) for offer in offers[1:40]]
        facts["starttls"] = "STARTTLS" in offers
        facts["authentication"] = "none"
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=system,
        host_name=greeting[1].decode(),
        cpe=server.cpe,
        certainty=Certainty.MEASURED if agreed or b"LMTP" in greeting[2] else Certainty.INFERRED,
        why="it agrees to LHLO" if agreed else "it greets as LMTP servers do",
        sentence=introduce("a door through which mail is put into this machine's mailboxes (LMTP)", server.product, server.version, system),
        facts=facts,
    )
