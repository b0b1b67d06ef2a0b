"""The time service: four bytes that count seconds since 1900; no clock is asked whether they are right."""

from __future__ import annotations

import datetime
from typing import Final

from doorward.identify.identity import Identity
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

NAME: Final = "time"
TITLE: Final = "Time: seconds since 1900 in four bytes"
SOURCE: Final = "RFC 868"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (37,)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_BEGINNING: Final = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)
_TURN: Final = 2**32  # the count starts again at 2036-02-07 06:28:16
# A server that is up shows a time of its own life: not before 2000, and after the turn until 2060. Text never looks so in the first
# span, for its first byte would not be ASCII.
_EARLIEST: Final = 0xBC17C200  # 2000-01-01
_LATEST_AFTER_TURN: Final = 0x2D000000


def first_words(host: str) -> bytes:  # noqa: ARG001
    """In TCP the server speaks unasked; RFC 868 wants an empty datagram in UDP, but those have broken devices, and any will do."""
    return b"\r\n"


def read(received: bytes, context: Context) -> Identity | None:
    """Four bytes, nothing before or after, then the end: that is all of this protocol, so it is inferred and never measured."""
    whole = context.closed or context.transport is Transport.UDP
    if len(received) != 4 or not whole or context.spoke not in ("", NAME):
        return None
    told = _moment(int.from_bytes(received), context.port in USUAL_PORTS)
    if told is None:
        return None
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none", "told_time": told.isoformat()}
    return Identity(
        service=NAME,
        certainty=Certainty.INFERRED,
        why="all it says is four bytes, which read as the time " + f"{told:%Y-%m-%d %H:%M:%S} UTC",
        sentence="This tells the time to whoever asks (time). Time is fetched by NTP today: close it.",
        facts=facts,
    )


def _moment(seconds: int, on_own_port: bool) -> datetime.datetime | None:
    """The moment meant, or `None` where no running server would mean it; a time after the turn is believed on the own port alone."""
    if seconds >= _EARLIEST:
        return _BEGINNING + datetime.timedelta(seconds=seconds)
    if on_own_port and seconds < _LATEST_AFTER_TURN:
        return _BEGINNING + datetime.timedelta(seconds=_TURN + seconds)
    return None
