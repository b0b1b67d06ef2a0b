"""Border Gateway Protocol: listens to what a router says unasked; never opens a session, for that could end another."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
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
    "next_words",
    "read",
]

NAME: Final = "bgp"
TITLE: Final = "BGP: routers telling each other the ways of the Internet"
SOURCE: Final = "RFC 4271 §4"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (179,)  # IANA
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 4096

_MARKER: Final = b"\xff" * 16
_OPEN, _NOTIFICATION = 1, 3
_ERRORS: Final = {1: "message header", 2: "open message", 3: "update", 4: "hold timer", 5: "state machine", 6: "cease"}  # RFC 4271 §4.5
_AS4: Final = 65  # RFC 6793: capability of four-byte numbers


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Its first message is all."""
    return Step.DONE if len(received) >= 19 and len(received) >= int.from_bytes(received[16:18]) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the first message: marker (16), length (2), kind (1)."""
    size = int.from_bytes(received[16:18])
    if received[:16] != _MARKER or not 19 <= size <= 4096 or len(received) < size:
        return None
    kind, body = received[18], received[19:size]
    if kind == _OPEN and len(body) >= 10 and body[0] == 4 and len(body) == 10 + body[9]:
        facts = _open_facts(body)
    elif kind == _NOTIFICATION and len(body) >= 2 and body[0] in _ERRORS:
        facts = {"refusal": f"{_ERRORS[body[0]]}, {body[1]}"}
    else:
        return None
    facts |= {"authentication": "unknown", "encrypted": False}
    number = f" Its network's number is {facts['autonomous_system']}." if "autonomous_system" in facts else ""
    return Identity(
        service=NAME,
        why="its first message has the marker of BGP",
        sentence=introduce("a router's door to other routers (BGP)") + number + " Only its neighbours should reach it.",
        facts=facts,
    )


def _open_facts(body: bytes) -> dict[str, Fact]:
    """Version (1), autonomous system (2), hold time (2), identifier (4), length of parameters (1), parameters."""
    number = int.from_bytes(body[1:3])
    for kind, value in _capabilities(body[10:]):
        if kind == _AS4 and len(value) == 4:
            number = int.from_bytes(value)
    return {
        "protocol_version": str(body[0]),
        "autonomous_system": number,
        "hold_time_s": int.from_bytes(body[3:5]),
        "router": ".".join(str(byte) for byte in body[5:9]),
    }


def _capabilities(parameters: bytes) -> list[tuple[int, bytes]]:
    """Capabilities (RFC 5492 §4) of all parameters of kind 2: code (1), length (1), value."""
    found: list[tuple[int, bytes]] = []
    place = 0
    while place + 2 <= len(parameters):
        end = place + 2 + parameters[place + 1]
        inner = place + 2
        while parameters[place] == 2 and inner + 2 <= min(end, len(parameters)):
            found.append((parameters[inner], parameters[inner + 2 : inner + 2 + parameters[inner + 1]]))
            inner += 2 + parameters[inner + 1]
        place = end
    return found
