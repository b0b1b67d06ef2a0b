"""iperf3: begins a measurement of speed and hangs up before any is made."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
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

NAME: Final = "iperf3"
TITLE: Final = "iperf3: measuring a network's speed"
SOURCE: Final = "iperf3's protocol: iperf_api.h (states), iperf_client_api.c"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (5201,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_COOKIE: Final = b"doorwarddoorwarddoorwarddoorward1234\x00"
_TELL, _BUSY, _MAKE_STREAMS = b"\x09", b"\xff", b"\x0a"  # PARAM_EXCHANGE, ACCESS_DENIED, CREATE_STREAMS
_WISHES: Final = (
    b'{"tcp":true,"omit":0,"time":1,"num":0,"blockcount":0,"parallel":1,"len":1024,"pacing_timer":1000,"client_version":"3.12"}'
)
_PARAMETERS: Final = len(_WISHES).to_bytes(4) + _WISHES


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A test's name: 36 letters and a zero."""
    return _COOKIE


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Tell our wishes when asked for them; when it wants the measurement's own connections, hang up."""
    if received == _TELL and not any(turn.sent == _PARAMETERS for turn in context.turns):
        return _PARAMETERS
    return Step.WAIT if received == _TELL else Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the states, one byte each; only the second proves it, for a byte alone is little."""
    asked = any(turn.sent == _PARAMETERS for turn in context.turns)
    is_certain = asked and received == _TELL + _MAKE_STREAMS
    own = context.spoke == NAME
    if not is_certain and received != _TELL and not (received == _BUSY and own and context.port in USUAL_PORTS):
        return None
    facts: dict[str, Fact] = {"authentication": "none" if is_certain else "unknown", "encrypted": False, "busy": received == _BUSY}
    return Identity(
        service=NAME,
        product="iperf3",
        vendor="ESnet",
        cpe=cpe_name("es", "iperf3"),
        certainty=Certainty.MEASURED if is_certain else Certainty.INFERRED,
        why="it asks for a measurement's parameters and then for its connections"
        if is_certain
        else "it answers with one byte, as iperf3 does",
        sentence=introduce("a door for measuring a network's speed", "iperf3")
        + (" Whoever reaches it may fill the line with a measurement." if is_certain else ""),
        facts=facts,
    )
