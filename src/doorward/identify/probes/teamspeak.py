"""TeamSpeak's query door: reads its greeting and its version; logs in nowhere."""

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

NAME: Final = "teamspeak"
TITLE: Final = "TeamSpeak: the query door of a voice server"
SOURCE: Final = "TeamSpeak 3 Server Query Manual"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (10011,)  # TeamSpeak's manual; its voice port 9987 answers only its own encrypted hello
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 4096

_ASK: Final = b"version\n"
_ANSWER = re.compile(rb"version=(\d[\w.\-]{0,40}) build=(\d{1,20}) platform=(\w{1,30})")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask for the version once the greeting is whole."""
    if not received.startswith(b"TS3\n\r"[: len(received)]):
        return Step.DONE
    if not any(turn.sent == _ASK for turn in context.turns):
        return _ASK if received.count(b"\n\r") >= 2 else Step.WAIT
    return Step.DONE if b"error id=" in received else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read greeting and version."""
    if not received.startswith(b"TS3\n\r"):
        return None
    told = _ANSWER.search(received)
    version = told[1].decode() if told else ""
    system = told[3].decode("ascii", "replace") if told else ""
    facts: dict[str, Fact] = {"banner": banner_fact(received[5:]), "authentication": "unknown", "encrypted": context.tunnel is not None}
    if told:
        facts["build"] = told[2].decode()
    return Identity(
        service=NAME,
        product="TeamSpeak 3 server",
        version=version,
        vendor="TeamSpeak",
        system=system,
        cpe=cpe_name("teamspeak", "teamspeak3", version),
        why="it greets with TS3",
        sentence=introduce("the query door of a voice server", "TeamSpeak 3 server", version, system)
        + " Passwords said here can be read on the way.",
        facts=facts,
    )
