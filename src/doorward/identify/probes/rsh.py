"""rexec, rlogin and rsh: recognises how they turn a stranger away; names no user."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import Context, Safety
from doorward.values.evidence import Certainty, Fact
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

NAME: Final = "rsh"
TITLE: Final = "rlogin, rsh and rexec: commands on another machine, the oldest way"
SOURCE: Final = "RFC 1282 (rlogin); BSD rshd(8), rexecd(8)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    512,
    513,
    514,
)  # IANA: exec, login, shell
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_ZERO: Final = b"\x00"
_REFUSAL = re.compile(rb"\x01([\x20-\x7e]{4,200}[.!?]?)\r?\n")
_NAMES: Final = {512: "rexec", 513: "rlogin", 514: "rsh"}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A zero: no line for errors (rsh, rexec), or the start of a login (rlogin)."""
    return _ZERO


def read(received: bytes, context: Context) -> Identity | None:
    """Read a refusal: one and a line of text; only at home, for it is little."""
    refused = _REFUSAL.fullmatch(received)
    if refused is None or context.port not in _NAMES:
        return None
    facts: dict[str, Fact] = {
        "banner": banner_fact(refused[1]),
        "variant": _NAMES[context.port],
        "authentication": "unknown",
        "encrypted": False,
    }
    old = " It believes other machines' names, and everything said can be read on the way: replace it with Secure Shell."
    return Identity(
        service=NAME,
        certainty=Certainty.INFERRED,
        why="it refuses with a one and a line of text",
        sentence=introduce(f"a door for commands of the oldest kind ({_NAMES[context.port]})") + old,
        facts=facts,
    )
