"""IMAP: reads the greeting, the capabilities and the server's ID, and looks at the certificate; no login is tried."""

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

NAME: Final = "imap"
TITLE: Final = "Mailboxes: reading mail on the server (IMAP)"
SOURCE: Final = "RFC 9051, RFC 2971"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (143, 993)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_CAPABILITY: Final = b"a CAPABILITY\r\n"
_ID: Final = b"b ID NIL\r\n"  # RFC 2971 §3.1
_STARTTLS: Final = b"c STARTTLS\r\n"  # RFC 9051 §6.2.1
_LOGOUT: Final = b"d LOGOUT\r\n"
_GREETING = re.compile(rb"\* (OK|PREAUTH|BYE)(?: ([^\r\n]{0,1000}))?\r?\n")  # RFC 9051 §7.1
_TAGGED = re.compile(rb"(?m)^([a-d]) (OK|NO|BAD)\b[^\r\n]{0,1000}\r?\n")
_CAPABILITIES = re.compile(rb"(?:\* |\[)CAPABILITY ([A-Za-z0-9][^\]\r\n]{0,2000})")
_ID_ANSWER = re.compile(rb"(?m)^\* ID \(([^\r\n]{0,1000})\)\r?$")
_QUOTED = re.compile(rb'"([^"]{0,200})"')

_SERVERS = (
    pattern(r"\bDovecot\b", "Dovecot", "Dovecot project", "dovecot:dovecot"),
    pattern(r"\bCyrus IMAP4? v?(\d[\w.]*)", "Cyrus", "Cyrus project", "cyrus:imap"),
    pattern(r"\bCourier-IMAP\b", "Courier", "Courier project", "courier-mta:courier"),
    pattern(r"\bMicrosoft Exchange(?: Server \d{4})? IMAP4?\b", "Microsoft Exchange", "Microsoft", "microsoft:exchange_server"),
    pattern(r"\bIMAP4rev1 (20\d\d[\w.]*) at\b", "UW IMAP", "University of Washington"),
    pattern(r"\bMDaemon (\d[\w.]*)", "MDaemon", "Alt-N", "altn:mdaemon"),
    pattern(r"\bKerio Connect (\d[\w.]*)", "Kerio Connect", "GFI", "kerio:connect"),
    pattern(r"\bDomino IMAP4 Server Release (\d[\w.]*)", "Domino", "HCL", "hcltech:domino"),
    pattern(r"\bhMailServer\b", "hMailServer", "hMailServer project", "hmailserver:hmailserver"),
    pattern(r"\bStalwart\b", "Stalwart", "Stalwart Labs", "stalw:stalwart"),
    pattern(r"\bGimap ready\b", "Gmail", "Google"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server speaks first, whoever is asked for
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """CAPABILITY, ID, STARTTLS, LOGOUT, each where the one before allows it and after its tagged answer."""
    greeting = _GREETING.match(received)
    if greeting is None:
        return Step.DONE if b"\n" in received else Step.WAIT
    said = [turn.sent for turn in context.turns if turn.sent]
    if greeting[1] == b"BYE":
        return Step.DONE
    if not said:
        return _CAPABILITY
    if context.tunnel is not None and said[-1] == _STARTTLS:
        return _LOGOUT
    answer = context.turns[-1].received
    tagged = next((found for found in _TAGGED.finditer(answer) if found[1] == said[-1][:1]), None)
    if tagged is None:
        return Step.DONE if context.closed else Step.WAIT
    offered = [capability.upper() for capability in _capabilities(received)]
    if said[-1] == _CAPABILITY and "ID" in offered:
        return _ID
    if said[-1] in (_CAPABILITY, _ID):
        return _STARTTLS if "STARTTLS" in offered and context.tunnel is None else _LOGOUT
    if said[-1] == _STARTTLS:
        return Step.START_TLS if tagged[2] == b"OK" else _LOGOUT
    return Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting, capabilities and ID; the greeting's form is no other protocol's."""
    received = received[:MAX_BYTES]
    greeting = _GREETING.match(received)
    if greeting is None:
        return None
    text = (greeting[2] or b"").decode("utf-8", "replace")
    capabilities = _capabilities(received)
    proof = bool(capabilities) or "imap" in text.lower() or context.port in USUAL_PORTS
    identification = _identification(received)
    words = text.partition("]")[2] if text.startswith("[CAPABILITY") else text
    named = " ".join(identification.get(key, "") for key in ("name", "vendor", "version"))
    server = name_server(f"{words} {named}", _SERVERS)
    system = identification.get("os", "") or system_from_revision(words)
    facts: dict[str, Fact] = {
        "banner": banner_fact(greeting[0]),
        "encrypted": context.tunnel is not None,
        "authentication": "none" if greeting[1] == b"PREAUTH" else "required",
    }
    if capabilities:
        facts["capabilities"] = capabilities
        facts["starttls"] = "STARTTLS" in capabilities
    version = server.version or identification.get("version", "")
    return Identity(
        service=NAME,
        product=server.product or identification.get("name", ""),
        version=version,
        vendor=server.vendor or identification.get("vendor", ""),
        system=system,
        cpe=server.cpe,
        certainty=Certainty.MEASURED if proof else Certainty.INFERRED,
        why=f"it greets with * {greeting[1].decode()}",
        sentence=introduce("a mailbox server, on which mail is read (IMAP)", server.product, version, system) + _ways(facts),
        facts=facts,
    )


def _capabilities(received: bytes) -> list[str]:
    """The last list of capabilities told, for what is offered changes within the conversation; at most 100."""
    lists = _CAPABILITIES.findall(received)
    return [printable(word.decode("utf-8", "replace")) for word in lists[-1].split()[:100]] if lists else []


def _identification(received: bytes) -> dict[str, str]:
    """The pairs of the ID answer (RFC 2971 §3.2), keys in lower case; at most 30."""
    found = _ID_ANSWER.search(received)
    texts = [printable(text.decode("utf-8", "replace")) for text in _QUOTED.findall(found[1])[:60]] if found else []
    return {key.lower(): value for key, value in zip(texts[::2], texts[1::2], strict=False)}


def _ways(facts: dict[str, Fact]) -> str:
    if "starttls" not in facts or facts["starttls"] or facts["encrypted"]:
        return ""
    return " It offers no encryption: passwords and mail can be read on the way."
