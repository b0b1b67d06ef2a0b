"""SMTP: reads the greeting and what the server offers to EHLO, and looks at its certificate; sends no mail and asks for no user."""

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

NAME: Final = "smtp"
TITLE: Final = "Mail: takes in and hands on electronic mail"
SOURCE: Final = "RFC 5321"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (25, 465, 587, 2525)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_EHLO: Final = b"EHLO doorward.invalid\r\n"  # RFC 5321 §4.1.1.1; a name that no one can own (RFC 2606)
_STARTTLS: Final = b"STARTTLS\r\n"  # RFC 3207 §4
_QUIT: Final = b"QUIT\r\n"
# RFC 5321 §4.2: 220 service ready, 421 not available, 554 no service here; RFC 7504 §2: 521 takes no mail.
_GREETING = re.compile(rb"(220|421|521|554)([ -])([^\r\n]{0,500})\r?\n")
_LAST_LINE = re.compile(rb"(?m)^\d{3}(?: [^\r\n]{0,1000})?\r?\n\Z")  # RFC 5321 §4.2.1: the last line has a blank after its code
_OFFERS = re.compile(rb"(?m)^250[ -]([A-Za-z0-9][^\r\n]{0,300})\r?$")
_SMTP_WORD = re.compile(rb"(?i)SMTP|\bmail (?:server|service)|\bsendmail\b|\bexim\b|\bpostfix\b")
_FTP_WORD = re.compile(rb"(?i)ftp|file transfer")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*\.?)*[A-Za-z0-9]")
_OFFER_NAMES = frozenset(
    b"PIPELINING SIZE 8BITMIME STARTTLS AUTH DSN ENHANCEDSTATUSCODES CHUNKING HELP VRFY ETRN SMTPUTF8 EXPN XCLIENT".split()
)

_SERVERS = (
    pattern(r"\bExim (\d[\w.]*)", "Exim", "Exim project", "exim:exim"),
    pattern(r"\bExim\b", "Exim", "Exim project", "exim:exim"),
    pattern(r"\bPostfix(?: (\d[\w.]*))?\b", "Postfix", "Wietse Venema", "postfix:postfix"),
    pattern(r"\bSendmail (\d[\w.]*)", "Sendmail", "Proofpoint", "sendmail:sendmail"),
    pattern(r"\bOpenSMTPD(?: (\d[\w.]*))?", "OpenSMTPD", "OpenBSD project", "openbsd:opensmtpd"),
    pattern(r"\bMicrosoft ESMTP MAIL Service(?:.{0,40}Version: (\d[\d.]*))?", "Microsoft SMTP Service", "Microsoft"),
    pattern(r"\bDovecot\b", "Dovecot", "Dovecot project", "dovecot:dovecot"),
    pattern(r"\bHaraka[ /](\d[\w.]*)", "Haraka", "Haraka project", "haraka_project:haraka"),
    pattern(r"\bPython SMTP proxy version (\d[\w.]*)", "Python smtpd", "Python Software Foundation"),
    pattern(r"\bPython SMTP (\d[\w.]*)", "aiosmtpd", "aio-libs", "aio-libs_project:aiosmtpd"),
    pattern(r"\bMailEnable\b.{0,40}Version: ?(\d[\d.]*)", "MailEnable", "MailEnable", "mailenable:mailenable"),
    pattern(r"\bMDaemon (\d[\w.]*)", "MDaemon", "Alt-N", "altn:mdaemon"),
    pattern(r"\bKerio Connect (\d[\w.]*)", "Kerio Connect", "GFI", "kerio:connect"),
    pattern(r"\bLotus Domino Release (\d[\w.]*)", "Domino", "HCL", "hcltech:domino"),
    pattern(r"\bStalwart\b", "Stalwart", "Stalwart Labs", "stalw:stalwart"),
    pattern(r"\bMailHog\b", "MailHog", "MailHog project"),
    pattern(r"\bgsmtp\b", "Google SMTP", "Google"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server speaks first, whoever is asked for
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """EHLO, then STARTTLS where it is offered, then QUIT; each after the whole answer to the one before."""
    greeting = _GREETING.match(received)
    if greeting is None:
        return Step.DONE if b"\n" in received else Step.WAIT
    said = [turn.sent for turn in context.turns if turn.sent]
    if context.tunnel is not None and _STARTTLS in said and said[-1] == _STARTTLS:
        return _QUIT
    answer = context.turns[-1].received if context.turns else received
    if not _LAST_LINE.search(answer):
        return Step.DONE if context.closed else Step.WAIT
    if greeting[1] != b"220":
        return Step.DONE
    if not said:
        return _EHLO
    if said[-1] == _EHLO:
        return _STARTTLS if b"STARTTLS" in _offers(answer) and context.tunnel is None else _QUIT
    if said[-1] == _STARTTLS:
        return Step.START_TLS if answer.startswith(b"220") else _QUIT
    return Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting and the offers behind it; a bare 220 is a guess, and only on mail ports."""
    received = received[:MAX_BYTES]
    greeting = _GREETING.match(received)
    if greeting is None:
        return None
    offers = _offers(received)
    text = greeting[3].decode("utf-8", "replace")
    named = _SMTP_WORD.search(greeting[3]) is not None
    proof = "it lists what it offers to EHLO" if offers else "its greeting says SMTP" if named else ""
    if _FTP_WORD.search(greeting[3]) and not offers and not named:
        return None
    if not proof and context.port not in USUAL_PORTS:
        return None
    server = name_server(text, _SERVERS)
    system = system_from_revision(text)
    facts = _facts(greeting, offers, context)
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=system,
        host_name=_host_name(text),
        cpe=server.cpe,
        certainty=Certainty.MEASURED if proof else Certainty.INFERRED,
        why=proof or f"it greets with {greeting[1].decode()} on a mail port",
        sentence=introduce("a mail server", server.product, server.version, system) + _ways(facts, greeting[1]),
        facts=facts,
    )


def _offers(received: bytes) -> list[bytes]:
    """The words of the EHLO answer (RFC 5321 §4.1.1.1), empty when none of them is an extension's; at most 50."""
    lines = [found[1].strip() for found in _OFFERS.finditer(received)][:50]
    offers = [line for line in lines if re.split(rb"[ =]", line.upper())[0] in _OFFER_NAMES]
    return [line.upper() if b" " not in line else line for line in offers]


def _facts(greeting: re.Match[bytes], offers: list[bytes], context: Context) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "banner": banner_fact(greeting[0]),
        "encrypted": context.tunnel is not None,
        "authentication": "unknown",
        "accepts_mail": greeting[1] == b"220",
    }
    if offers:
        facts["capabilities"] = [printable(offer.decode("utf-8", "replace")) for offer in offers]
        facts["starttls"] = b"STARTTLS" in offers
        methods = next((offer.decode("utf-8", "replace").split()[1:] for offer in offers if offer.upper().startswith(b"AUTH ")), [])
        if methods:
            facts["login_methods"] = [printable(method) for method in methods[:20]]
    return facts


def _host_name(text: str) -> str:
    """The greeting's first word where it is a domain (RFC 5321 §4.2)."""
    word = text.split(" ", 1)[0][:253]
    return word if "." in word and _DOMAIN.fullmatch(word) else ""


def _ways(facts: dict[str, Fact], code: bytes) -> str:
    if code != b"220":
        return " It takes no mail from here."
    if "starttls" not in facts:
        return ""
    return "" if facts["starttls"] or facts["encrypted"] else " It offers no encryption: mail through it can be read on the way."
