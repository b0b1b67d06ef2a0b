"""NATS: reads the line in which the server introduces itself; subscribes to nothing and publishes nothing."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
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

NAME: Final = "nats"
TITLE: Final = "NATS: messages between programs"
SOURCE: Final = "NATS client protocol, INFO"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    4222,
    4223,
    6222,
)  # NATS server's manual: clients; a second server; routes
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_INFO = re.compile(rb"INFO +(\{[^\r\n]{2,8000}\}) *\r\n")


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server introduces itself unasked
    """Nothing: the server introduces itself."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """The introduction is all."""
    return Step.DONE if b"\r\n" in received else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the JSON behind INFO."""
    found = _INFO.match(received[:MAX_BYTES])
    told = _object(found[1]) if found else {}
    if "server_id" not in told or "max_payload" not in told:
        return None
    version = printable(str(told.get("version", "")), 40)
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "required" if told.get("auth_required") is True else "none",
        "starttls": told.get("tls_required") is True or told.get("tls_available") is True,
    }
    for name in ("server_name", "cluster", "go", "proto", "jetstream", "domain", "max_payload"):
        value = told.get(name)
        if isinstance(value, str | int):
            facts[name] = printable(value, 100) if isinstance(value, str) else value
    return Identity(
        service=NAME,
        product="NATS Server",
        version=version,
        vendor="NATS project",
        cpe=cpe_name("linuxfoundation", "nats-server", version),
        why="it greets with INFO and its own description",
        sentence=introduce("a server that passes messages between programs", "NATS Server", version) + _advice(facts),
        facts=facts,
    )


def _object(text: bytes) -> dict[str, object]:
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _advice(facts: dict[str, Fact]) -> str:
    return " It lets everyone read and send messages: it asks for no login." if facts["authentication"] == "none" else " It wants a login."
