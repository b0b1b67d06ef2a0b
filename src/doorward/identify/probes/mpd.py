"""Music Player Daemon: reads its greeting, and whether it obeys strangers; plays nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
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

NAME: Final = "mpd"
TITLE: Final = "MPD: a music player's remote control"
SOURCE: Final = "Music Player Daemon: Protocol"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (6600,)  # IANA
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 2048

_GREETING = re.compile(rb"OK MPD (\d{1,3}\.\d{1,3}\.\d{1,3})\n")
_ASK: Final = b"status\n"


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask what it is doing: who may not ask needs a password."""
    if not _GREETING.match(received):
        return Step.WAIT if received.startswith(b"OK MPD "[: len(received)]) and len(received) < 30 else Step.DONE
    if not any(turn.sent == _ASK for turn in context.turns):
        return _ASK
    return Step.DONE if received.endswith(b"\n") and received.count(b"\n") > 1 else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting: its number is the protocol's, not the program's."""
    greeting = _GREETING.match(received)
    if greeting is None:
        return None
    rest = received[greeting.end() :]
    access = "required" if b"ACK [4@" in rest else "none" if b"state: " in rest else "unknown"  # 4: no permission
    facts: dict[str, Fact] = {
        "banner": banner_fact(received),
        "protocol_version": greeting[1].decode(),
        "authentication": access,
        "encrypted": context.tunnel is not None,
    }
    advice = " Whoever reaches it may play, stop and see what is played." if access == "none" else ""
    return Identity(
        service=NAME,
        product="Music Player Daemon",
        vendor="Music Player Daemon project",
        cpe=cpe_name("musicpd", "music_player_daemon"),
        why="it greets with OK MPD",
        sentence=introduce("a music player's remote control", "Music Player Daemon") + advice,
        facts=facts,
    )
