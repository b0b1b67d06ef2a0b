"""Telnet: refuses every option, so that the server shows its login banner; types nothing.

RFC 854 draws it thus: a byte 255 (IAC) begins a command; DO, DONT, WILL, WONT take one option byte; SB … IAC SE frames a
subnegotiation; 255 255 is a byte of data. An offer is answered once (RFC 1143: a repeated answer could loop for ever).
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import DEFAULT_MAX_BYTES, Context, Safety, Step
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
    "Negotiation",
    "decode_negotiation",
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
MAX_BYTES: Final = DEFAULT_MAX_BYTES

_SE, _SB, _WILL, _WONT, _DO, _DONT, _IAC = 240, 250, 251, 252, 253, 254, 255  # RFC 854, page 14
_REFUSAL = {_WILL: _DONT, _DO: _WONT}
_VERBS = {_WILL: "WILL", _WONT: "WONT", _DO: "DO", _DONT: "DONT"}
# IANA, Telnet Options; 70 and above are the game worlds' own (MSSP, MCCP, MSP, MXP, GMCP).
_OPTIONS = {
    0: "binary",
    1: "echo",
    3: "suppress go ahead",
    5: "status",
    6: "timing mark",
    24: "terminal type",
    25: "end of record",
    31: "window size",
    32: "terminal speed",
    33: "remote flow control",
    34: "line mode",
    35: "X display",
    36: "environment",
    37: "authentication",
    38: "encryption",
    39: "new environment",
    40: "TN3270E",
    42: "charset",
    44: "com port",
    45: "local echo",
    46: "start TLS",
    70: "MSSP",
    85: "MCCP",
    86: "MCCP2",
    90: "MSP",
    91: "MXP",
    93: "ZMP",
    201: "GMCP",
}
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
_MOST_ANSWERS: Final = 64


class Negotiation(msgspec.Struct, frozen=True):
    """What a telnet stream says beside its text."""

    offers: tuple[tuple[int, int], ...]  #: verb and option, each pair once, in the order of coming; at most 64
    text: bytes
    has_begun: bool  #: the first command stands within the first 64 bytes

    @property
    def refusals(self) -> bytes:
        """Our answers to the offers: WONT to DO, DONT to WILL, nothing to the others."""
        return b"".join(bytes((_IAC, _REFUSAL[verb], option)) for verb, option in self.offers if verb in _REFUSAL)


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
        "options": [f"{_VERBS[verb]} {_OPTIONS.get(option, option)}" for verb, option in negotiation.offers],
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


def decode_negotiation(received: bytes) -> Negotiation:
    """Part a telnet stream into commands and text; an unfinished command at its end is left for later."""
    offers: dict[tuple[int, int], None] = {}
    text = bytearray()
    place, first, size = 0, -1, len(received)
    while place < size:
        mark = received.find(_IAC, place)
        if mark < 0 or mark + 1 >= size:
            text += received[place : mark if mark >= 0 else size]
            break
        text += received[place:mark]
        verb = received[mark + 1]
        if verb in _VERBS:
            if mark + 2 >= size:
                break
            if received[mark + 2] in _OPTIONS and len(offers) < _MOST_ANSWERS:
                offers[verb, received[mark + 2]] = None
                first = mark if first < 0 else first
            place = mark + 3
        elif verb == _SB:
            end = received.find(bytes((_IAC, _SE)), mark + 2)
            if end < 0:
                break
            place = end + 2
        else:
            text += b"\xff" if verb == _IAC else b""
            place = mark + 2
    return Negotiation(tuple(offers), bytes(text), 0 <= first < 64)


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
