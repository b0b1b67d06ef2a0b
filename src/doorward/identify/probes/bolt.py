"""Bolt, the language of Neo4j: agrees on a version and reads the server's name where it tells it without a login."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Fact
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

NAME: Final = "bolt"
TITLE: Final = "Neo4j and its kin: databases of things and how they are tied"
SOURCE: Final = "Bolt Protocol documentation: Handshake, PackStream, HELLO"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (7687,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_MAGIC: Final = b"\x60\x60\xb0\x17"
# Major and minor versions with how many before them are taken, too: 5.8 back to 5.0, 4.4 back to 4.2, 4.1, 3.
_OFFER: Final = b"\x00\x08\x08\x05\x00\x02\x04\x04\x00\x00\x01\x04\x00\x00\x00\x03"
_AGENT: Final = "Doorward/1"


def _text(text: str) -> bytes:
    raw = text.encode()
    return bytes((0x80 | len(raw),)) + raw if len(raw) < 16 else bytes((0xD0, len(raw))) + raw


# A chunk: HELLO (0x01) with a map of one, then the end. From 5.1 on HELLO comes before the login.
_HELLO_BODY: Final = b"\xb1\x01\xa1" + _text("user_agent") + _text(_AGENT)
_HELLO: Final = len(_HELLO_BODY).to_bytes(2) + _HELLO_BODY + b"\0\0"
_SERVER = re.compile(rb"\x86server(?:[\x81-\x8f]|\xd0[\x01-\xff])([ -~]{1,100})")
_PRODUCTS = (
    pattern(r"^Neo4j/(\d[\w.]*)", "Neo4j", "Neo4j", "neo4j:neo4j"),
    pattern(r"compatible.*Memgraph|^Memgraph/?(\d[\w.]*)?", "Memgraph", "Memgraph"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Four bytes that name the protocol, and four versions."""
    return _MAGIC + _OFFER


def next_words(received: bytes, context: Context) -> bytes | Step:
    """HELLO where the version lets one say it without a login."""
    if len(received) < 4:
        return Step.WAIT
    said = any(turn.sent == _HELLO for turn in context.turns)
    if not said and _agreed(received) >= (5, 1):
        return _HELLO
    return Step.WAIT if said and not received.endswith(b"\0\0") and not context.closed else Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version agreed on, one of those we offered, and HELLO's answer."""
    version = _agreed(received)
    if version == (0, 0) or context.spoke != NAME or (len(received) > 4 and received[6:8] not in (b"\xb1\x70", b"\xb1\x7f")):
        return None
    told = _SERVER.search(received[:1000])
    words = told[1].decode() if told else ""
    if told and received[told.start() + 7] < 0x90:
        words = words[: received[told.start() + 7] & 15]
    elif told:
        words = words[: received[told.start() + 8]]
    server = name_server(words, _PRODUCTS)
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "unknown",
        "protocol_version": f"{version[0]}.{version[1]}",
    }
    if words:
        facts["banner"] = words
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        cpe=server.cpe,
        why="it agrees on a version of Bolt that we offered",
        sentence=introduce("a database of things and how they are tied (Bolt)", server.product, server.version),
        facts=facts,
    )


def _agreed(received: bytes) -> tuple[int, int]:
    """The version that was chosen among ours; (0, 0) for none."""
    if len(received) < 4 or received[:2] != b"\0\0":
        return (0, 0)
    minor, major = received[2], received[3]
    return (major, minor) if (major == 5 and minor <= 8) or (major == 4 and 1 <= minor <= 4) or (major, minor) == (3, 0) else (0, 0)
