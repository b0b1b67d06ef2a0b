"""POP3: reads the greeting and the capabilities, and looks at the certificate; no login is tried."""

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

NAME: Final = "pop3"
TITLE: Final = "Mailboxes: fetching mail (POP3)"
SOURCE: Final = "RFC 1939, RFC 2449"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (110, 995)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_CAPA: Final = b"CAPA\r\n"  # RFC 2449 §5
_STLS: Final = b"STLS\r\n"  # RFC 2595 §4
_QUIT: Final = b"QUIT\r\n"
_GREETING = re.compile(rb"\+OK(?: ([^\r\n]{0,500}))?\r?\n")  # RFC 1939 §4
_STAMP = re.compile(r"<[^<>@\s]{1,128}@([A-Za-z0-9._-]{1,253})>")  # RFC 1939 §7: process id and clock, at the host's name
_POP_WORD = re.compile(rb"(?i)\bq?pop(?:per)?(?:3|\b)|\bdovecot\b|\bcyrus\b")
_NAMES = frozenset(b"TOP USER SASL RESP-CODES LOGIN-DELAY PIPELINING EXPIRE UIDL IMPLEMENTATION STLS AUTH-RESP-CODE UTF8 LANG".split())

_SERVERS = (
    pattern(r"\bDovecot\b", "Dovecot", "Dovecot project", "dovecot:dovecot"),
    pattern(r"\bCyrus POP3 v?(\d[\w.]*)", "Cyrus", "Cyrus project", "cyrus:imap"),
    pattern(r"\bQPOP(?:per)? \(version (\d[\w.]*)", "Qpopper", "Qualcomm", "qualcomm:qpopper"),
    pattern(
        r"\bMicrosoft Exchange(?: Server \d{4})? POP3\b",
        "Microsoft Exchange",
        "Microsoft",
        "microsoft:exchange_server",
    ),
    pattern(r"\bPOP3 \S+ (v?20\d\d[\w.]*) server ready", "UW IMAP", "University of Washington"),
    pattern(r"^Hello there\.", "Courier", "Courier project", "courier-mta:courier"),
    pattern(r"\bMDaemon (\d[\w.]*)", "MDaemon", "Alt-N", "altn:mdaemon"),
    pattern(r"\bKerio Connect (\d[\w.]*)", "Kerio Connect", "GFI", "kerio:connect"),
    pattern(r"\bhMailServer\b", "hMailServer", "hMailServer project", "hmailserver:hmailserver"),
    pattern(r"\bTeapop \[v?(\d[\w.]*)", "Teapop", "Teapop project"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server speaks first, whoever is asked for
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """CAPA, then STLS where it is offered, then QUIT; each after the whole answer to the one before."""
    if not _GREETING.match(received):
        return Step.DONE if b"\n" in received else Step.WAIT
    said = [turn.sent for turn in context.turns if turn.sent]
    if not said:
        return _CAPA
    if context.tunnel is not None and said[-1] == _STLS:
        return _QUIT
    answer = context.turns[-1].received
    listed = said[-1] == _CAPA and answer.startswith(b"+OK")
    if not answer.endswith((b"\r\n.\r\n", b"\n.\n") if listed else b"\n"):
        return Step.DONE if context.closed else Step.WAIT
    if said[-1] == _CAPA:
        return _STLS if "STLS" in _capabilities(answer) and context.tunnel is None else _QUIT
    if said[-1] == _STLS:
        return Step.START_TLS if answer.startswith(b"+OK") else _QUIT
    return Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting and the capabilities behind it; a bare ``+OK`` that came unasked is a guess."""
    received = received[:MAX_BYTES]
    greeting = _GREETING.match(received)
    if greeting is None:
        return None
    text = (greeting[1] or b"").decode("utf-8", "replace")
    capabilities = _capabilities(received[greeting.end() :])
    stamp = _STAMP.search(text)
    named = _POP_WORD.search(greeting[1] or b"") is not None
    proof = "it lists its capabilities" if capabilities else "its greeting names POP3" if named or stamp else ""
    if not proof and (context.port not in USUAL_PORTS or (context.turns and context.turns[0].sent)):
        return None
    implementation = next((line.partition(" ")[2] for line in capabilities if line.upper().startswith("IMPLEMENTATION ")), "")
    server = name_server(f"{text} {implementation}", _SERVERS)
    system = system_from_revision(text)
    facts: dict[str, Fact] = {"banner": banner_fact(greeting[0]), "encrypted": context.tunnel is not None, "authentication": "required"}
    if capabilities:
        facts["capabilities"] = capabilities
        facts["starttls"] = "STLS" in capabilities
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=system,
        host_name=stamp[1] if stamp else "",
        cpe=server.cpe,
        certainty=Certainty.MEASURED if proof else Certainty.INFERRED,
        why=proof or "it greets with +OK on a port of POP3",
        sentence=introduce("a mailbox server, from which mail is fetched (POP3)", server.product, server.version, system) + _ways(facts),
        facts=facts,
    )


def _capabilities(answer: bytes) -> list[str]:
    """The lines of a CAPA answer that name a capability (RFC 2449 §6); at most 50."""
    lines = [line.strip() for line in answer[:4096].splitlines()[:50]]
    return [printable(line.decode("utf-8", "replace")) for line in lines if line.upper().split(b" ")[0] in _NAMES]


def _ways(facts: dict[str, Fact]) -> str:
    if "starttls" not in facts or facts["starttls"] or facts["encrypted"]:
        return ""
    return " It offers no encryption: passwords and mail can be read on the way."
