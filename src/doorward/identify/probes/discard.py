"""The discard service: takes what it is sent and never answers, so that silence on its own port is all there is to see."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity
from doorward.identify.probing import Context, Safety
from doorward.values.evidence import Certainty
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

NAME: Final = "discard"
TITLE: Final = "Discard: takes everything, answers nothing"
SOURCE: Final = "RFC 863"
TRANSPORTS: Final = (Transport.TCP,)  # in UDP a silent port can't be told from a filtered one
USUAL_PORTS: Final = (9,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024


def first_words(host: str) -> bytes:  # noqa: ARG001
    """An empty line: the service must take it and stay."""
    return b"\r\n"


def read(received: bytes, context: Context) -> Identity | None:
    """Infer it from silence, on its own port alone, after it took our words and kept the connection."""
    took_our_words = any(turn.sent for turn in context.turns)
    if received or context.closed or context.port not in USUAL_PORTS or context.transport is not Transport.TCP or not took_our_words:
        return None
    return Identity(
        service=NAME,
        certainty=Certainty.INFERRED,
        why="it took our words, kept the connection and said nothing, on the port of discard",
        sentence="This seems to throw away whatever it is sent (discard). A test tool of the early internet: nobody needs it; close it.",
        facts={"encrypted": context.tunnel is not None, "authentication": "none"},
    )
