"""Erlang's port mapper: asks which nodes live on this machine; connects to none of them."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
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
    "read",
]

NAME: Final = "epmd"
TITLE: Final = "Where Erlang programs listen (epmd)"
SOURCE: Final = "Erlang distribution protocol, NAMES_REQ"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (4369,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_NODE = re.compile(rb"name ([^\s\x00]{1,200}) at port (\d{1,5})\n")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Length 1, NAMES_REQ (110)."""
    return b"\x00\x01n"


def read(received: bytes, context: Context) -> Identity | None:
    """Read epmd's own port (4 bytes), then a line for each node."""
    text = received[:MAX_BYTES]
    port, rest = int.from_bytes(text[:4]), text[4:]
    nodes = _NODE.findall(rest)
    if context.spoke != NAME or not len(text) >= 4 or not 0 < port < 65_536 or (rest and not _NODE.match(rest)):
        return None
    names = [f"{name.decode('utf-8', 'replace')} at {number.decode()}" for name, number in nodes][:50]
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "none",
        "nodes": [printable(name) for name in names],
    }
    sentence = introduce("a list of where Erlang programs of this machine listen (epmd)", "epmd")
    if names:
        sentence += f" It tells everyone of: {', '.join(printable(name) for name in names[:5])}."
    return Identity(
        service=NAME,
        product="epmd",
        vendor="Ericsson",
        certainty=Certainty.MEASURED if nodes or port == context.port else Certainty.INFERRED,
        why="it answers with its own port and the list of nodes",
        sentence=sentence,
        facts=facts,
    )
