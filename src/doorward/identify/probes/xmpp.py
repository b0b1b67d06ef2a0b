"""XMPP for clients: opens a stream and reads what is offered, goes on encrypted where it can; logs in nowhere."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity
from doorward.identify.probes._xml_streams import CLIENT, conclude, next_question, open_stream
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
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

NAME: Final = "xmpp"
TITLE: Final = "Chat between people, for their programs (XMPP)"
SOURCE: Final = "RFC 6120"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    5222,
    5223,
)  # IANA: xmpp-client; in TLS by habit
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES


def first_words(host: str) -> bytes:
    """Open a stream to the server as the caller named it."""
    return open_stream(host, CLIENT)


def next_words(received: bytes, context: Context) -> bytes | Step:
    """STARTTLS where it is offered; close the stream else."""
    return next_question(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the stream's opening, features and errors."""
    return conclude(received[:MAX_BYTES], context, NAME, CLIENT)
