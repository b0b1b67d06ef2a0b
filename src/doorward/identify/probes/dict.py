"""DICT: reads the greeting of a dictionary server; looks up no word."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
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
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "dict"
TITLE: Final = "Dictionaries (DICT)"
SOURCE: Final = "RFC 2229 §3.1"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (2628,)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_GREETING = re.compile(rb"220 ([^\r\n]{0,400}?) ?(?:<([\w.-]{1,200})> )?<([^<>\s]{1,200}@[^<>\s]{1,200})>\r?\n")
_SERVERS = (
    pattern(r"\bdictd (\d[\w.]*)", "dictd", "Rickard Faith", "dict:dictd"),
    pattern(r"\bdicod \(GNU dico\) (\d[\w.]*)", "GNU Dico", "GNU project", "gnu:dico"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server greets
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """The greeting is all."""
    return Step.DONE if b"\n" in received else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting: text, abilities and a message number, both in angle brackets."""
    found = _GREETING.match(received)
    words = found[1].decode("utf-8", "replace") if found else ""
    server = name_server(words, _SERVERS)
    if found is None or not (server.product or (found[2] and context.port in USUAL_PORTS)):
        return None
    system = system_from_revision(words)
    facts: dict[str, Fact] = {"banner": banner_fact(found[0]), "encrypted": context.tunnel is not None, "authentication": "none"}
    if found[2]:
        facts["capabilities"] = found[2].decode().split(".")[:20]
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=system,
        host_name=printable(found[3].decode("utf-8", "replace").rpartition("@")[2], 200),
        cpe=server.cpe,
        why="it greets with 220, its abilities and a message number, as DICT wants it",
        sentence=introduce("a dictionary server", server.product, server.version, system),
        facts=facts,
    )
