"""AMQP 0-9-1: sends the protocol's header and reads the server's opening words; logs in nowhere and reads no queue."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
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
    "decode_table",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "amqp"
TITLE: Final = "AMQP: queues of messages between programs"
SOURCE: Final = "AMQP 0-9-1 §4.2, OASIS AMQP 1.0 §2.2"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    5672,
    5671,
    5673,
)  # IANA: plain, in TLS; a second server's
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_HEADER: Final = b"AMQP\x00\x00\x09\x01"
_OTHER = re.compile(rb"AMQP([\x00-\x03])([\x00\x01])([\x00-\x0a])([\x00-\x0a])")
_START: Final = b"\x00\x0a\x00\x0a"  # class 10 (connection), method 10 (start), §1.4
_DEEPEST: Final = 3
_SERVERS: Final = {
    "RabbitMQ": ("Broadcom", "vmware", "rabbitmq"),
    "LavinMQ": ("84codes", "", ""),
    "qpid-cpp": ("Apache Software Foundation", "apache", "qpid-cpp"),
    "qpid-java": ("Apache Software Foundation", "apache", "qpid_broker-j"),
}
Value = str | int | bool | dict[str, "Value"] | None


def first_words(host: str) -> bytes:  # noqa: ARG001
    """The header that names the protocol and its version."""
    return _HEADER


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait for the whole opening frame."""
    if received[:1] != b"\x01":
        return Step.DONE if len(received) >= 8 or context.closed else Step.WAIT
    size = int.from_bytes(received[3:7])
    return Step.DONE if context.closed or (len(received) >= 7 and len(received) >= min(size + 8, MAX_BYTES)) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read connection.start, or the header of another version that is wanted."""
    start = _start(received[:MAX_BYTES])
    other = _OTHER.match(received)
    if start is not None:
        told, mechanisms = start
        return _identity(told, mechanisms, context)
    if other is None or len(received) > 200:
        return None
    kind, *version = other[0][4:8]
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": {2: "unknown", 3: "required"}.get(kind, "unknown")}
    facts["protocol_version"] = "1.0" if version[0] == 1 else f"{version[0]}-{version[1]}" + (f"-{version[2]}" if version[2] else "")
    return Identity(
        service=NAME,
        why="it answers with AMQP's header and the version it wants",
        sentence=introduce("a server that keeps queues of messages for programs (AMQP)")
        + f" It wants version {facts['protocol_version']}.",
        facts=facts,
    )


def _start(received: bytes) -> tuple[dict[str, Value], list[str]] | None:
    """The server's properties and ways to log in.

    A frame is type, channel (2), length (4), body, 0xCE; this one's body is class and method (2 each), version (2), a table, two long
    texts (§2.3.5, §1.4.2.1).
    """
    size = int.from_bytes(received[3:7])
    if received[:3] != b"\x01\x00\x00" or received[7:11] != _START or len(received) < size + 8 or received[size + 7] != 0xCE:
        return None
    body = received[13 : size + 7]
    end = 4 + int.from_bytes(body[:4])
    mechanisms = body[end + 4 : end + 4 + int.from_bytes(body[end : end + 4])]
    return (decode_table(body[4:end]), printable(mechanisms.decode("utf-8", "replace"), 300).split()) if end <= len(body) else None


def decode_table(data: bytes, depth: int = 0) -> dict[str, Value]:
    """Read a field table: name (length 1), kind, value; stops at a kind it does not know (AMQP 0-9-1 errata, RabbitMQ's list)."""
    found: dict[str, Value] = {}
    place = 0
    while place < len(data) and len(found) < 100:
        stop = place + 1 + data[place]
        name, kind = data[place + 1 : stop].decode("utf-8", "replace"), data[stop : stop + 1]
        sizes = {b"t": 1, b"b": 1, b"B": 1, b"s": 2, b"u": 2, b"I": 4, b"i": 4, b"f": 4, b"l": 8, b"d": 8, b"T": 8, b"V": 0, b"D": 5}
        start, size = stop + 1, sizes.get(kind, -1)
        if kind in (b"S", b"F", b"x", b"A"):
            start, size = stop + 5, int.from_bytes(data[stop + 1 : stop + 5])
        raw = data[start : start + size]
        if size < 0 or len(raw) < size:
            break
        if kind == b"F":
            found[name] = decode_table(raw, depth + 1) if depth < _DEEPEST else None
        elif kind == b"S":
            found[name] = printable(raw.decode("utf-8", "replace"), 200)
        else:
            found[name] = raw != b"\0" if kind == b"t" else int.from_bytes(raw) if size in (1, 2, 4, 8) else None
        place = start + size
    return found


def _identity(told: dict[str, Value], mechanisms: list[str], context: Context) -> Identity:
    product, version, platform = (str(told.get(name, "")) for name in ("product", "version", "platform"))
    vendor, cpe_vendor, cpe_product = _SERVERS.get(product, ("", "", ""))
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "none" if "ANONYMOUS" in mechanisms else "required",
        "protocol_version": "0-9-1",
        "mechanisms": mechanisms[:20],
    }
    for name in ("cluster_name", "platform", "information"):
        if isinstance(told.get(name), str) and told[name]:
            facts[name] = str(told[name])
    capabilities = told.get("capabilities")
    if isinstance(capabilities, dict):
        facts["capabilities"] = [printable(name, 60) for name, value in capabilities.items() if value is True][:40]
    cluster = str(told.get("cluster_name", ""))
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor=vendor,
        system=system_from_revision(platform),
        host_name=cluster.partition("@")[2] if "@" in cluster else "",
        cpe=cpe_name(cpe_vendor, cpe_product, version) if cpe_vendor else "",
        why="it opens the conversation with connection.start",
        sentence=introduce("a server that keeps queues of messages for programs", product, version) + " It wants a login.",
        facts=facts,
    )
