"""The echo service: says two short lines and sees whether exactly they come back."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, banner_fact
from doorward.identify.probing import Context, Safety, Step
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
    "next_words",
    "read",
]

NAME: Final = "echo"
TITLE: Final = "Echo: sends back whatever it is sent"
SOURCE: Final = "RFC 862"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (7,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS  # elsewhere the words of others come back and tell as much
MAX_BYTES: Final = 4096

_LINE: Final = b"Doorward asks: is this echo?\r\n"
# A terminal's line echo changes or drops these; the echo service doesn't look at them.
_ODD_LINE: Final = b"Doorward\x00\x01\x08\xff\xfe\r\r\n"
_FEWEST_BYTES: Final = 8  # shorter words may come back by chance


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A line of text; in UDP a datagram of 30 bytes."""
    return _LINE


def next_words(received: bytes, context: Context) -> bytes | Step:
    """When the line came back, send one that only a true echo returns unchanged."""
    sent = _sent(context) or _LINE
    if not sent.startswith(received[: len(sent)]) or len(received) > len(sent):
        return Step.DONE
    if len(received) < len(sent):
        return Step.WAIT
    return Step.DONE if _ODD_LINE in sent else _ODD_LINE


def read(received: bytes, context: Context) -> Identity | None:
    """Compare what came back with all that we said, in whatever protocol that was."""
    sent = _sent(context)
    if len(sent) < _FEWEST_BYTES or received != sent:
        return None
    proven = _ODD_LINE in sent
    return Identity(
        service=NAME,
        certainty=Certainty.MEASURED if proven else Certainty.INFERRED,
        why=f"the {len(sent)} bytes that we sent came back unchanged",
        sentence="This sends back whatever it is sent (echo). A test tool of the early internet: nobody needs it today; close it.",
        facts={"encrypted": context.tunnel is not None, "authentication": "none", "banner": banner_fact(received)},
    )


def _sent(context: Context) -> bytes:
    return b"".join(turn.sent for turn in context.turns)
