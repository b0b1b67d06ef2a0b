"""Telnet: refuses every option, so that the server shows its login banner; types nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._telnet_stream import decode_negotiation
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

NAME: Final = "telnet"
TITLE: Final = "Telnet: remote login in clear text"
SOURCE: Final = "RFC 854, RFC 855, RFC 1143"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (23, 992, 2323)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_PROMPT = re.compile(rb"(?i)(?:login|user ?name|password|user|account|name|passwd)\s?[:>]\s{0,4}$|[$#>%]\s?$")
_LOGIN_PROMPT = re.compile(rb"(?i)(?:login|user ?name|password|passwd|account)\s?: ?")
_HOST = re.compile(rb"(?m)^([A-Za-z0-9][A-Za-z0-9._-]{0,62}) login: ?$")
# A banner's words → the system that shows it.
_SYSTEMS = (
    (b"User Access Verification", "Cisco IOS"),
    (b"Microsoft Telnet", "Windows"),
    (b"RouterOS", "MikroTik RouterOS"),
    (b"MikroTik", "MikroTik RouterOS"),
    (b"OpenWrt", "OpenWrt"),
    (b"DD-WRT", "DD-WRT"),
    (b"VxWorks", "VxWorks"),
    (b"AIX Version", "AIX"),
    (b"HP-UX", "HP-UX"),
    (b"OpenVMS", "OpenVMS"),
)
_SUNOS = re.compile(r"SunOS (\d[\d.]*)")
_DISTRIBUTION = re.compile(r"\b(Debian GNU/Linux|Ubuntu|Alpine Linux|Fedora(?: Linux)?|openSUSE Leap|CentOS Linux|Rocky Linux) (\d[\d.]*)")


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server speaks first, whoever is asked for
    """Nothing: the server begins to negotiate."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Refuse what is new among the offers; done when a prompt stands at the end of the text."""
    negotiation = decode_negotiation(received)
    said = b"".join(turn.sent for turn in context.turns)
    refusals = negotiation.refusals
    if refusals.startswith(said) and len(refusals) > len(said):
        return refusals[len(said) :]
    return Step.DONE if context.closed or _PROMPT.search(negotiation.text[-80:].rstrip(b"\x00")) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read options and banner; without any option a login prompt is a guess, and only on telnet's ports."""
    received = received[:MAX_BYTES]
    negotiation = decode_negotiation(received)
    prompts = _LOGIN_PROMPT.search(negotiation.text) is not None
    negotiates = negotiation.has_begun and bool(negotiation.offers)
    if not negotiates and not (prompts and context.port in USUAL_PORTS and context.spoke in ("", NAME)):
        return None
    text = negotiation.text.decode("utf-8", "replace")
    system = _system(negotiation.text, text)
    host = _HOST.search(negotiation.text.replace(b"\r", b""))
    facts: dict[str, Fact] = {
        "banner": banner_fact(negotiation.text),
        "encrypted": context.tunnel is not None,
        "authentication": "required" if prompts else "unknown",
        "options": list(negotiation.words),
        "login_banner": printable(" | ".join(line.strip() for line in text.splitlines() if line.strip())[:400]),
    }
    return Identity(
        service=NAME,
        system=system,
        host_name=host[1].decode() if host else "",
        certainty=Certainty.MEASURED if negotiates else Certainty.INFERRED,
        why="it negotiates telnet options" if negotiates else "it asks for a login on a port of telnet",
        sentence=introduce("a door for remote login by telnet", system=system) + _advice(context),
        facts=facts,
    )


def _system(data: bytes, text: str) -> str:
    if found := _SUNOS.search(text):
        return f"SunOS {found[1]}"
    if found := _DISTRIBUTION.search(text):
        return f"{found[1].replace(' GNU/Linux', '')} {found[2]}"
    return next((system for words, system in _SYSTEMS if words in data), "") or system_from_revision(text)


def _advice(context: Context) -> str:
    if context.tunnel is not None:
        return ""
    return " Everything typed here, passwords too, can be read on the way: use Secure Shell instead."
