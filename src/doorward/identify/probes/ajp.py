"""Apache JServ Protocol: asks a Java web server whether it lives; asks for no page."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
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

NAME: Final = "ajp"
TITLE: Final = "AJP: the way from a web front to a Java web server"
SOURCE: Final = "Apache Tomcat Connectors: AJPv13; AJPv13 extensions (CPing, CPong)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    8009,
    8010,
)  # IANA: 8009
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_PING: Final = b"\x12\x34\x00\x01\x0a"
_PONG: Final = b"AB\x00\x01\x09"


def first_words(host: str) -> bytes:  # noqa: ARG001
    """CPing: magic, length 1, code 10."""
    return _PING


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Five bytes are all."""
    return Step.DONE if len(received) >= len(_PONG) or not _PONG.startswith(received) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read CPong."""
    if received != _PONG:
        return None
    facts: dict[str, Fact] = {"authentication": "unknown", "encrypted": context.tunnel is not None}
    advice = " It believes what a caller says of himself: only the web front before it should reach it (CVE-2020-1938)."
    sentence = introduce("the back door of a Java web server (AJP)") + advice
    return Identity(service=NAME, why="it answers CPing with CPong", sentence=sentence, facts=facts)
