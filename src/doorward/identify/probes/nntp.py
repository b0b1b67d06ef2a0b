"""Network news: reads the greeting and what the server says it can; reads no article and posts none."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
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

NAME: Final = "nntp"
TITLE: Final = "Network news (Usenet)"
SOURCE: Final = "RFC 3977"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (119, 433, 563)  # IANA: nntp, nnsp, nntps
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_ASK_CAPABILITIES: Final = b"CAPABILITIES\r\n"  # RFC 3977 §5.2
_ASK_READER: Final = b"MODE READER\r\n"  # RFC 3977 §5.3, for servers older than CAPABILITIES
_ASK_HELP: Final = b"HELP\r\n"  # RFC 3977 §7.2
_CONVERSATION: Final = (_ASK_CAPABILITIES, _ASK_READER, _ASK_HELP)
# RFC 3977 §5.1.1: 200 posting allowed, 201 prohibited, 400 temporarily and 502 permanently unavailable; RFC 4643 §2: 480 log in first.
_GREETING = re.compile(rb"(20[01]|400|502)[ -]([^\r\n]{0,500})\r?\n")
# Other protocols greet with 200 too; these words are news servers' own.
_NEWS_WORDS = re.compile(rb"(?i)\bNNTP\b|\bNNRP\b|InterNetNews|\bINN\b|\bleafnode\b|\bUsenet\b|\bnews ?(?:server|service|reader)|\bNoCeM\b")
_CAPABILITIES = re.compile(rb"(?m)^101[ -][^\r\n]{0,500}\r?\nVERSION \d")  # RFC 3977 §5.2.2: the first line after 101
_HELP = re.compile(rb"(?m)^100[ -][^\r\n]{0,500}\r?\n")
_NEWS_COMMANDS = (b"ARTICLE", b"GROUP", b"NEWGROUPS", b"XOVER", b"IHAVE")
# Leafnode that can't work says so and closes: it found no configuration, or takes its own name for a placeholder (nntpd.c).
_LEAFNODE_ILL: Final = (
    b"503 Unable to read configuration file, exiting; the server's syslog should have more information.",
    b"503 Leafnode must have a unique fully-qualified domain name.",
    b"Leafnode must have a fully-qualified and globally unique domain name,",
)

# A text in the greeting, or in the capability IMPLEMENTATION → product, its makers, CPE vendor and product.
_PRODUCTS = (
    (re.compile(r"(?i)\bleafnode\b(?: NNTP Daemon)?,?(?: version)? v?(\d[\w.]*)?"), "Leafnode", "Leafnode project", "leafnode", "leafnode"),
    (re.compile(r"\bINN (\d[\w.]*)"), "INN", "Internet Systems Consortium", "isc", "inn"),
    (re.compile(r"(?i)\bCyrus NNTP v?(\d[\w.]*)"), "Cyrus", "Cyrus project", "cyrus", "imap"),
    (re.compile(r"\bDiablo (\d[\w.-]*)"), "Diablo", "Diablo project", "", ""),
    (re.compile(r"\bsn(?:ntpd)? version (\d[\w.]*)"), "sn", "", "", ""),
    (re.compile(r"NNTP Service (\d[\w.]*)"), "Microsoft NNTP Service", "Microsoft", "", ""),
    (re.compile(r"\bPapercut(?: (\d[\w.]*))?"), "Papercut", "", "", ""),
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """After the greeting ask for its capabilities; where it knows none, for reading mode and its list of commands."""
    greeting = _GREETING.match(received)
    if greeting is None:
        return Step.DONE if b"\n" in received else Step.WAIT
    said = [turn.sent for turn in context.turns if turn.sent in _CONVERSATION]
    if greeting[1] in (b"400", b"502") or context.closed:
        return Step.DONE
    if not said:
        return _ASK_CAPABILITIES
    answer = received[sum(len(turn.received) for turn in context.turns[:-1]) :]
    if b"\n" not in answer:
        return Step.WAIT
    if answer.startswith((b"100", b"101")):
        return Step.DONE if answer.endswith((b"\r\n.\r\n", b"\n.\n")) else Step.WAIT
    following = len(said)
    return _CONVERSATION[following] if following < len(_CONVERSATION) and not answer.startswith(b"480") else Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting and the lists behind it; a greeting that any protocol could send is only a guess on news ports."""
    received = received[:MAX_BYTES]
    greeting = _GREETING.match(received)
    if greeting is None:
        return _ill_leafnode(received)
    capabilities = _listed(received, _CAPABILITIES)
    commands = _listed(received, _HELP)
    proof = _proof(greeting, capabilities, commands)
    if not proof and (context.port not in USUAL_PORTS or context.spoke not in ("", NAME)):
        return None
    text = greeting[2].decode("utf-8", "replace")
    implementation = next((line.partition(" ")[2] for line in capabilities if line.upper().startswith("IMPLEMENTATION ")), "")
    product, version, vendor, cpe = _product(f"{implementation}\n{text}")
    facts = _facts(received, greeting, capabilities, context)
    system = system_from_revision(text)
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor=vendor,
        system=system,
        cpe=cpe,
        certainty=Certainty.MEASURED if proof else Certainty.INFERRED,
        why=proof or f"it greets with {greeting[1].decode()} on a port of network news",
        sentence=introduce("a server of network news (Usenet groups)", product, version, system) + _access(facts),
        facts=facts,
    )


def _proof(greeting: re.Match[bytes], capabilities: list[str], commands: list[str]) -> str:
    """Which part of the answer only a news server sends; empty when none."""
    if capabilities:
        return "it lists its news capabilities (101)"
    listing = "\n".join(commands).upper()
    if sum(word.decode() in listing for word in _NEWS_COMMANDS) >= 2:
        return "it lists the commands of network news (100)"
    return "its greeting names network news" if _NEWS_WORDS.search(greeting[2]) else ""


def _listed(received: bytes, start: re.Pattern[bytes]) -> list[str]:
    """The lines after the status line that ``start`` finds, up to the lone dot (RFC 3977 §3.1.1); at most 100."""
    found = start.search(received)
    if found is None:
        return []
    block = received[received.index(b"\n", found.start()) + 1 :].partition(b"\r\n.\r\n")[0]
    return [printable(line.decode("utf-8", "replace").strip(), 200) for line in block.splitlines()[:100]]


def _product(text: str) -> tuple[str, str, str, str]:
    for pattern, product, vendor, cpe_vendor, cpe_product in _PRODUCTS:
        if found := pattern.search(text):
            version = (found[1] or "").rstrip(".")
            return product, version, vendor, cpe_name(cpe_vendor, cpe_product, version) if cpe_vendor else ""
    return "", "", "", ""


def _facts(received: bytes, greeting: re.Match[bytes], capabilities: list[str], context: Context) -> dict[str, Fact]:
    words = [line.upper() for line in capabilities]
    facts: dict[str, Fact] = {
        "banner": banner_fact(greeting[0]),
        "encrypted": context.tunnel is not None,
        "posting": greeting[1] == b"200",
        "authentication": "required" if b"\n480 " in received else "unknown",
    }
    if words:
        facts["capabilities"] = capabilities
        facts["starttls"] = "STARTTLS" in words  # RFC 4642 §2.1
        readable = any(word == "READER" or word.startswith("MODE-READER") for word in words)
        facts["authentication"] = "required" if any(word.startswith("AUTHINFO") for word in words) and not readable else "none"
    return facts


def _access(facts: dict[str, Fact]) -> str:
    if facts["authentication"] == "required":
        return " It wants a login."
    return " It lets callers post." if facts["posting"] else ""


def _ill_leafnode(received: bytes) -> Identity | None:
    if not received.startswith(_LEAFNODE_ILL):
        return None
    sentence = introduce("a server of network news", "Leafnode") + " It can't work: it wasn't configured."
    facts: dict[str, Fact] = {"banner": banner_fact(received), "encrypted": False, "authentication": "unknown"}
    cpe = cpe_name("leafnode", "leafnode")
    return Identity(
        service=NAME, product="Leafnode", vendor="Leafnode project", cpe=cpe, why="its error is Leafnode's", sentence=sentence, facts=facts
    )
