"""SIP: asks a telephone server for its options; rings nobody."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import Context, Safety, Step
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
    "first_datagram",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "sip"
TITLE: Final = "SIP: telephone calls"
SOURCE: Final = "RFC 3261 §11"
TRANSPORTS: Final = (
    Transport.UDP,
    Transport.TCP,
)
USUAL_PORTS: Final = (
    5060,
    5061,
    5062,
    5070,
    5080,
)  # IANA: 5060, with TLS 5061; habits beside them
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 8192

# RFC 3261 §11.1: OPTIONS asks for abilities and rings nobody; Max-Forwards 0 keeps it from being sent on (§8.1.1.6).
_STATUS_LINE = re.compile(rb"SIP/2\.0 ([1-6]\d\d) ([^\r\n]{0,200})\r\n")
_CALL: Final = "doorward"
_KAMAILIO = r"\b(?:kamailio|Kamailio) ?[(/]? ?(\d[\w.~+-]*)"
_SERVERS = (
    pattern(_KAMAILIO, "Kamailio", "Kamailio project", "kamailio:kamailio"),
    pattern(r"\bopensips ?[(/]? ?(\d[\w.]*)", "OpenSIPS", "OpenSIPS project", "opensips:opensips"),
    pattern(r"\bAsterisk PBX (?:certified/)?(\d[\w.~+-]*)", "Asterisk", "Sangoma", "digium:asterisk"),
    pattern(r"\bAsterisk\b", "Asterisk", "Sangoma", "digium:asterisk"),
    pattern(r"\bFPBX-[\d.]+\((\d[\w.]*)\)", "Asterisk", "Sangoma", "digium:asterisk"),
    pattern(r"\bFreeSWITCH-mod_sofia/(\d[\w.]*)", "FreeSWITCH", "SignalWire", "freeswitch:freeswitch"),
    pattern(r"\bFreeSWITCH", "FreeSWITCH", "SignalWire", "freeswitch:freeswitch"),
    pattern(r"\b3CXPhoneSystem (\d[\w.]*)", "3CX Phone System", "3CX", "3cx:3cx"),
    pattern(r"\brepro (\d[\w.]*)", "repro", "reSIProcate project"),
    pattern(r"\bCisco-SIPGateway/IOS-(\d[\w.]*)", "Cisco SIP gateway", "Cisco"),
    pattern(r"\bFRITZ!OS|\bAVM FRITZ!Box", "FRITZ!Box", "AVM"),
)


def first_words(host: str) -> bytes:
    """Ask for options over a stream."""
    return _options(host, "TCP", short=False)


def first_datagram(host: str) -> bytes:
    """Ask for options in a datagram, in the short forms of names (RFC 3261 §7.3.3)."""
    return _options(host, "UDP", short=True)


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait for the whole head of a final answer: 100 is not one."""
    if received[:8] != b"SIP/2.0 "[: len(received)]:
        return Step.DONE
    last = received.rfind(b"SIP/2.0 ")
    return Step.DONE if b"\r\n\r\n" in received[last:] and received[last + 8 : last + 9] != b"1" else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read status line and header fields."""
    answers = list(_STATUS_LINE.finditer(received[:MAX_BYTES]))
    if not answers or answers[0].start() != 0:
        return None
    final = answers[-1]
    fields = _fields(received[final.end() : MAX_BYTES])
    if not {"v", "via", "i", "call-id", "cseq"} & fields.keys():
        return None
    text = fields.get("server") or fields.get("user-agent") or ""
    server = name_server(text, _SERVERS)
    code = int(final[1])
    facts: dict[str, Fact] = {
        "banner": banner_fact(text.encode() or final[0]),
        "status": code,
        "encrypted": context.tunnel is not None,
        "authentication": "required" if code in (401, 407) else "unknown",
    }
    if "allow" in fields:
        facts["methods"] = [printable(word.strip(), 30) for word in fields["allow"].split(",")[:30]]
    system = system_from_revision(text)
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=system,
        cpe=server.cpe,
        why=f"it answers with {banner_fact(final[0])}",
        sentence=introduce("a telephone server (SIP)", server.product, server.version, system)
        + (" It wants a login." if code in (401, 407) else ""),
        facts=facts,
    )


def _options(host: str, transport: str, *, short: bool) -> bytes:
    if short:  # without what old servers did without (RFC 2543): it stays below 100 bytes
        lines = [f"OPTIONS sip:h SIP/2.0\r\nv:SIP/2.0/{transport} h;rport", "f:<sip:h>;tag=1", "t:<sip:h>", "i:1", "CSeq:1 OPTIONS"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()
    name = host if re.fullmatch(r"[\w.:-]{1,200}", host) and host.isascii() else "localhost"
    name = f"[{name}]" if ":" in name else name
    lines = [
        f"OPTIONS sip:{name} SIP/2.0",
        f"Via: SIP/2.0/{transport} {name};branch=z9hG4bK{_CALL};rport",
        "Max-Forwards: 0",
        f"From: <sip:{_CALL}@{name}>;tag={_CALL}",
        f"To: <sip:{_CALL}@{name}>",
        f"Call-ID: {_CALL}",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _fields(head: bytes) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in head.partition(b"\r\n\r\n")[0].split(b"\r\n")[:60]:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip()[:300])
    return fields
