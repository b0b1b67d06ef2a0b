"""NSCA: recognises the random greeting of a monitor's mailbox at its own port; sends no result."""

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

NAME: Final = "nsca"
TITLE: Final = "NSCA: results that machines send to a monitor"
SOURCE: Final = "NSCA 2 protocol (nsca, include/common.h: init_packet)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (5667,)  # IANA
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 1024

_SIZE: Final = 132  # 128 random bytes and the time in seconds
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # the years 2000 and 2100


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """The greeting is all."""
    return Step.DONE if len(received) >= _SIZE else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting: random bytes prove nothing, their number and the clock behind them something, and only at home."""
    if len(received) != _SIZE or context.port not in USUAL_PORTS or not _EARLIEST < int.from_bytes(received[128:]) < _LATEST:
        return None
    if sum(32 <= byte < 127 for byte in received[:128]) > 90 or len(set(received[:128])) < 50:
        return None
    facts: dict[str, Fact] = {"authentication": "unknown", "encrypted": False, "clock": int.from_bytes(received[128:])}
    return Identity(
        service=NAME,
        product="NSCA",
        vendor="Nagios",
        certainty=Certainty.INFERRED,
        why="it greets with 128 random bytes and its clock",
        sentence=introduce("a mailbox for results that machines send to a monitor", "NSCA"),
        facts=facts,
    )
