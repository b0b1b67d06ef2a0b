"""AMQP 1.0: sends the header of its login layer and reads which logins are offered; takes none of them and reads no queue."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
from doorward.values.evidence import Fact
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SHOWN_AS",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "amqp_1_0"
TITLE: Final = "AMQP 1.0: queues of messages between programs"
SOURCE: Final = "OASIS AMQP 1.0 §5.3"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    5672,
    5671,
)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES
SHOWN_AS: Final = "amqp"

_HEADER: Final = b"AMQP\x03\x01\x00\x00"
# Size (4), data offset 2, type 1 (SASL), channel (2); then a described list (0x00 0x53) with the descriptor 0x40, sasl-mechanisms.
_MECHANISMS = re.compile(rb"AMQP\x03\x01\x00\x00[\x00-\xff]{4}\x02\x01[\x00-\xff]{2}\x00(?:\x53\x40|\x80\x00{7}\x40)")
_SYMBOL = re.compile(rb"[A-Z][A-Z0-9_-]{2,19}")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """The header of the login layer."""
    return _HEADER


def read(received: bytes, context: Context) -> Identity | None:
    """Read the frame of mechanisms behind the header."""
    found = _MECHANISMS.match(received)
    if found is None:
        return None
    mechanisms = [word.decode() for word in _SYMBOL.findall(received[found.end() : found.end() + 500])][:20]
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "none" if "ANONYMOUS" in mechanisms else "required",
        "protocol_version": "1.0",
        "mechanisms": mechanisms,
    }
    return Identity(
        service=NAME,
        why="it offers logins in AMQP 1.0's own frame",
        sentence=introduce("a server that keeps queues of messages for programs (AMQP 1.0)")
        + (" It lets strangers in." if "ANONYMOUS" in mechanisms else " It wants a login."),
        facts=facts,
    )
