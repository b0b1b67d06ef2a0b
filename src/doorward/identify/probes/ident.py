"""Ident: asks about a pair of ports on which no connection stands, and reads the refusal; learns nobody's name."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
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
    "read",
]

NAME: Final = "ident"
TITLE: Final = "Who holds a connection (ident)"
SOURCE: Final = "RFC 1413"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (113,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_ANSWER = re.compile(rb"\s{0,3}(\d{1,5})\s{0,3},\s{0,3}(\d{1,5})\s{0,3}:\s{0,3}(ERROR|USERID)\s{0,3}:\s{0,3}([^\r\n]{1,200})\r?\n")
_ERRORS: Final = (b"INVALID-PORT", b"NO-USER", b"HIDDEN-USER", b"UNKNOWN-ERROR")  # §2.3.1


def first_words(host: str) -> bytes:  # noqa: ARG001
    """The pair 1, 1 (§2.2)."""
    return b"1, 1\r\n"


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answer, which repeats our pair."""
    found = _ANSWER.fullmatch(received[:400])
    if found is None or (found[3] == b"ERROR" and not found[4].strip().startswith((*_ERRORS, b"X"))):
        return None
    user = found[3] == b"USERID"
    facts: dict[str, Fact] = {"banner": banner_fact(found[0]), "encrypted": context.tunnel is not None, "authentication": "none"}
    if user:
        facts["same_answer_for_all"] = True  # nobody holds the connection that we asked about
    return Identity(
        service=NAME,
        why="it answers with our pair of ports and " + ("a name" if user else "the error " + found[4].decode("ascii", "replace").strip()),
        sentence=introduce("a server that tells which user holds a connection (ident)"),
        facts=facts,
    )
