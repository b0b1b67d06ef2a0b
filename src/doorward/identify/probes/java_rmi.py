"""Java RMI: says hello and reads how it sees us; calls no method."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
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
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "java_rmi"
TITLE: Final = "Java RMI: calls into Java programs"
SOURCE: Final = "Java RMI specification §10.2 (RMI Transport Protocol)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    1099,
    1098,
    9010,
    9999,
    11099,
    47001,
)  # IANA: 1099, 1098; habits of JMX
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_HELLO: Final = b"JRMI\x00\x02\x4b"
_UNDERSTOOD: Final = 0x4E
_HOST = re.compile(rb"[\w.:%\[\]-]{1,255}")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Magic, version 2, stream protocol."""
    return _HELLO


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """One answer is all: we don't tell our own endpoint."""
    if received[:1] not in (b"", bytes([_UNDERSTOOD])):
        return Step.DONE
    return Step.DONE if len(received) >= 7 + int.from_bytes(received[1:3]) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the acknowledgment: ``N``, our host as it sees us with its length (2), our port (4)."""
    size = int.from_bytes(received[1:3])
    if received[:1] != bytes([_UNDERSTOOD]) or len(received) != 7 + size or received[3 + size : 5 + size] != bytes(2):
        return None
    seen = received[3 : 3 + size]
    if not _HOST.fullmatch(seen) or not int.from_bytes(received[-2:]):
        return None
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "unknown",
        "sees_us_as": printable(seen.decode("ascii", "replace")),
    }
    return Identity(
        service=NAME,
        product="Java RMI",
        vendor="Oracle",
        why="it tells us our own address as Java RMI does",
        sentence=introduce("a door for calls into a Java program", "Java RMI")
        + " Such doors have let strangers run programs: let only known machines reach it.",
        facts=facts,
    )
