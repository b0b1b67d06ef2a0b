"""DNS over UDP and TCP: asks a server for its version, its name and the root's name servers; nothing about anybody's domain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
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
    "decode_messages",
    "first_datagram",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "dns"
TITLE: Final = "Domain names: from a name to its addresses"
SOURCE: Final = "RFC 1035, RFC 4892 (version and identity of a server), RFC 8906 (no answer is a fault too)"
TRANSPORTS: Final = (Transport.UDP, Transport.TCP)
USUAL_PORTS: Final = (53, 1053, 5300, 5335, 8053)  # IANA: 53; resolvers behind a filter and second servers
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 8192

# RFC 4892 §2: class CHAOS is asked about the server itself. The root's servers are in every resolver's memory (RFC 8109): a resolver
# that serves us answers at once, one that doesn't refuses, and the question leads to nobody. None is over 40 bytes.
_QUESTIONS: Final = (("version.bind.", "TXT", "CH"), ("id.server.", "TXT", "CH"), (".", "NS", "IN"))
_FIRST_ID: Final = 0x1D0D  # the questions count up from here: the same run sends the same bytes, and replies come on our own socket alone
_HEADER: Final = 12  # RFC 1035 §4.1.1
_MOST_RECORDS: Final = 100
_BARE_ERRORS = (dns.rcode.FORMERR, dns.rcode.SERVFAIL, dns.rcode.NOTIMP, dns.rcode.REFUSED)

# Texts of version.bind → product, its makers, CPE vendor and product.
_PRODUCTS = (
    (re.compile(r"(?i)^unbound (\d[\w.]*)"), "Unbound", "NLnet Labs", "nlnetlabs", "unbound"),
    (re.compile(r"(?i)^dnsmasq-(?:pi-hole-)?v?(\d[\w.]*)"), "dnsmasq", "Simon Kelley", "thekelleys", "dnsmasq"),
    (re.compile(r"(?i)^NSD (\d[\w.]*)"), "NSD", "NLnet Labs", "nlnetlabs", "name_server_daemon"),
    (re.compile(r"(?i)^PowerDNS Recursor (\d[\w.]*)"), "PowerDNS Recursor", "PowerDNS", "powerdns", "recursor"),
    (
        re.compile(r"(?i)^PowerDNS Authoritative Server (\d[\w.]*)"),
        "PowerDNS Authoritative Server",
        "PowerDNS",
        "powerdns",
        "authoritative",
    ),
    (re.compile(r"(?i)^Knot DNS (\d[\w.]*)"), "Knot DNS", "CZ.NIC", "nic", "knot_dns"),
    (re.compile(r"(?i)^Microsoft DNS (\d[\w.]*)"), "Microsoft DNS", "Microsoft", "", ""),
    (re.compile(r"(?i)^CoreDNS-v?(\d[\w.]*)"), "CoreDNS", "CoreDNS project", "coredns.io", "coredns"),
    (re.compile(r"(?i)^dnsdist (\d[\w.]*)"), "dnsdist", "PowerDNS", "powerdns", "dnsdist"),
    # BIND says its bare number (bin/named/config.c); others name themselves.
    (re.compile(r"(?i)^(?:BIND )?(9\.\d{1,2}\.\d{1,3}(?:-P\d|-S\d)?)"), "BIND", "Internet Systems Consortium", "isc", "bind"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """The first question as TCP wants it, its length before it (RFC 1035 §4.2.2)."""
    return _framed(_question(0))


def first_datagram(host: str) -> bytes:  # noqa: ARG001
    """The first question as UDP wants it."""
    return _question(0)


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask one question after the other on the same connection."""
    ask = _framed if context.transport is Transport.TCP else _unframed
    answered = {message.id for message in decode_messages(received, context.transport)}
    if not answered:
        return Step.WAIT
    said = {turn.sent for turn in context.turns}
    for number in range(len(_QUESTIONS)):
        words = ask(_question(number))
        if words not in said and not (number == 0 and context.spoke == NAME):
            return words if _FIRST_ID + number - 1 in answered or number == 0 else Step.WAIT
    return Step.DONE if _FIRST_ID + len(_QUESTIONS) - 1 in answered else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answers; only those that repeat our own questions count."""
    answers: dict[int, dns.message.Message] = {}
    for message in decode_messages(received[:MAX_BYTES], context.transport):
        number = message.id - _FIRST_ID
        if 0 <= number < len(_QUESTIONS) and _answers(message, number):
            answers.setdefault(number, message)
    if not answers:
        return None
    text = _text(answers.get(0))
    product, version, vendor, cpe = _product(text)
    system = system_from_revision(text) or ("Windows" if product == "Microsoft DNS" else "")
    facts = _facts(answers, text, context)
    return Identity(
        service=NAME,
        product=product,
        version=version,
        revision=text.partition(version)[2].strip(" -") if version else "",
        vendor=vendor,
        system=system,
        host_name=_text(answers.get(1)),
        cpe=cpe,
        why="it repeats our question in a DNS answer" + (" and tells its version" if text else ""),
        sentence=introduce("a name server (DNS)", product, version, system) + _advice(facts),
        facts=facts,
    )


def decode_messages(received: bytes, transport: Transport) -> list[dns.message.Message]:
    """Read whole DNS answers (not questions), at most eight; what dnspython can't read ends the list."""
    messages: list[dns.message.Message] = []
    for raw in _split_stream(received) if transport is Transport.TCP else _split_datagrams(received):
        try:
            message = dns.message.from_wire(raw, one_rr_per_rrset=True)
        except (dns.exception.DNSException, ValueError, IndexError):
            break
        if not message.flags & dns.flags.QR or len(messages) == 8:
            break
        messages.append(message)
    return messages


def _question(number: int) -> bytes:
    name, kind, asked_class = _QUESTIONS[number]
    return dns.message.make_query(name, kind, asked_class, id=_FIRST_ID + number).to_wire()


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(2) + message


def _unframed(message: bytes) -> bytes:
    return message


def _split_stream(received: bytes) -> Iterator[bytes]:
    """Whole messages of a TCP stream: length (2 bytes), message."""
    place = 0
    while len(received) >= place + 2 + _HEADER:
        size = int.from_bytes(received[place : place + 2])
        if size < _HEADER or len(received) < place + 2 + size:
            return
        yield received[place + 2 : place + 2 + size]
        place += 2 + size


def _split_datagrams(received: bytes) -> Iterator[bytes]:
    """Whole messages of datagrams laid end to end: each is as long as its own sections say."""
    place = 0
    while (end := _message_end(received, place)) > place:
        yield received[place:end]
        place = end


def _message_end(data: bytes, start: int) -> int:
    """Where the message that begins at ``start`` ends; 0 where it is cut or nonsense. Names: RFC 1035 §4.1.4, records: §4.1.3."""
    counts = [int.from_bytes(data[start + place : start + place + 2]) for place in range(4, _HEADER, 2)]
    if len(data) < start + _HEADER or sum(counts) > _MOST_RECORDS:
        return 0
    place = start + _HEADER
    for number in range(sum(counts)):
        while place < len(data) and 0 < data[place] < 64:
            place += 1 + data[place]
        if place >= len(data):
            return 0
        place += 2 if data[place] >= 192 else 1
        if number < counts[0]:
            place += 4
        else:
            place += 10 + int.from_bytes(data[place + 8 : place + 10])
        if place > len(data):
            return 0
    return place


def _answers(message: dns.message.Message, number: int) -> bool:
    """Whether it answers our question of that number: it repeats it, or is an error that leaves it out (RFC 1035 §4.1.1)."""
    if not message.question:
        return message.rcode() in _BARE_ERRORS
    asked = dns.message.make_query(*_QUESTIONS[number]).question[0]
    found = message.question[0]
    return (found.name, found.rdtype, found.rdclass) == (asked.name, asked.rdtype, asked.rdclass)


def _text(message: dns.message.Message | None) -> str:
    """The first text record's words, or nothing."""
    for rrset in message.answer if message else []:
        if rrset.rdtype == dns.rdatatype.TXT:
            return printable(b"".join(rrset[0].strings).decode("utf-8", "replace"), 200)
    return ""


def _product(text: str) -> tuple[str, str, str, str]:
    for pattern, product, vendor, cpe_vendor, cpe_product in _PRODUCTS:
        if found := pattern.search(text):
            version = found[1].rstrip(".")
            return product, version, vendor, cpe_name(cpe_vendor, cpe_product, version) if cpe_vendor else ""
    return "", "", "", ""


def _facts(answers: dict[int, dns.message.Message], text: str, context: Context) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "none",
        "recursion_available": any(bool(message.flags & dns.flags.RA) for message in answers.values()),
    }
    if text:
        facts["banner"] = banner_fact(text.encode())
    if 2 in answers:
        root = answers[2]
        looked = root.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN, dns.rcode.SERVFAIL)  # SERVFAIL: it tried for us, in vain
        authoritative = bool(root.flags & dns.flags.AA)
        facts["root_answer"] = dns.rcode.to_text(root.rcode())
        facts["authoritative_for_root"] = authoritative
        facts["recursion_offered"] = looked and not authoritative and bool(root.flags & dns.flags.RA)
    return facts


def _advice(facts: dict[str, Fact]) -> str:
    if facts.get("recursion_offered"):
        return " It looks up any name for us: only its own network should be able to ask it that."
    return ""
