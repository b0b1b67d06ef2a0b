"""SOCKS 4: asks for a connection that can't be made, to nowhere, and reads the refusal; no connection comes of it."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
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
    "next_words",
    "read",
]

NAME: Final = "socks4"
TITLE: Final = "SOCKS 4: connections made for others, the older way"
SOURCE: Final = "SOCKS: A protocol for TCP proxy across firewalls (Ying-Da Lee); SOCKS 4A"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (4145,)  # habit; at 1080 SOCKS 5 asks, and its answer leads here
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_REQUEST: Final = b"\x04\x01\x00\x00\x00\x00\x00\x00\x00"
_REPLIES: Final = {90: "granted", 91: "refused or failed", 92: "refused: no identd answers", 93: "refused: identd names another user"}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for 0.0.0.0, port 0, which nobody can reach, with no user's name."""
    return _REQUEST


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Eight bytes are all."""
    return Step.DONE if len(received) >= 8 or received[:1] not in (b"", b"\x00") else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the reply: zero, code (1 byte), port (2), address (4); on an offer of SOCKS 5 it is a hint, on other words nothing."""
    if len(received) != 8 or received[0] != 0 or received[1] not in _REPLIES or context.spoke not in (NAME, "socks5"):
        return None
    facts: dict[str, Fact] = {
        "role": "proxy",
        "reply": _REPLIES[received[1]],
        "protocol_version": "4",
        "encrypted": context.tunnel is not None,
    }
    facts["authentication"] = "none" if received[1] == 90 else "required" if received[1] > 91 else "unknown"
    sentence = introduce("a proxy that makes connections for others (SOCKS 4)") + " This protocol knows no passwords."
    why = "it answers a request of SOCKS 4 in eight bytes"
    certainty = Certainty.MEASURED if context.spoke == NAME else Certainty.INFERRED
    return Identity(service=NAME, certainty=certainty, why=why, sentence=sentence, facts=facts)
