"""IEC 60870-5-104: asks a substation's device whether its line lives; reads no value. Only when asked for."""

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

NAME: Final = "iec104"
TITLE: Final = "IEC 104: a substation's controller"
SOURCE: Final = "IEC 60870-5-104 §5 (TESTFR)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    2404,
    19998,
)  # IANA: 2404, with TLS 19998
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 1024

_TEST: Final = b"\x68\x04\x43\x00\x00\x00"
_CONFIRMED: Final = b"\x68\x04\x83\x00\x00\x00"


def first_words(host: str) -> bytes:  # noqa: ARG001
    """TESTFR act: a test that asks for nothing but its own confirmation."""
    return _TEST


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Six bytes are all."""
    return Step.DONE if len(received) >= len(_CONFIRMED) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read TESTFR con; a device may test us at the same time."""
    if received not in (_CONFIRMED, _TEST + _CONFIRMED, _CONFIRMED + _TEST):
        return None
    facts: dict[str, Fact] = {"authentication": "none" if context.tunnel is None else "unknown", "encrypted": context.tunnel is not None}
    sentence = introduce("a substation's controller (IEC 60870-5-104)") + " Only its control room should reach it."
    return Identity(service=NAME, why="it confirms a test of IEC 104", sentence=sentence, facts=facts)
