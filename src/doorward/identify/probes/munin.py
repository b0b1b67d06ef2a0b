"""Munin's node: reads its greeting and version; asks for no figures."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import Context, Safety, Step
from doorward.values.evidence import Fact
from doorward.values.printable import printable
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

NAME: Final = "munin"
TITLE: Final = "Munin: figures about a machine for a monitor"
SOURCE: Final = "Munin Guide: Data exchange between master and node"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (4949,)  # IANA
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 2048

_GREETING = re.compile(rb"# munin node at ([^\s]{1,255})\n")
_VERSION = re.compile(rb"munins? node on [^\s]{1,255} version: (\d[\w.]{0,30})")
_ASK: Final = b"version\n"


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask for the version."""
    if not _GREETING.match(received):
        return Step.WAIT if len(received) < 280 and received.startswith(b"# munin node at "[: len(received)]) else Step.DONE
    if not any(turn.sent == _ASK for turn in context.turns):
        return _ASK
    return Step.DONE if received.count(b"\n") > 1 else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read greeting and version."""
    greeting = _GREETING.match(received)
    if greeting is None:
        return None
    told = _VERSION.search(received)
    version = told[1].decode() if told else ""
    facts: dict[str, Fact] = {"banner": banner_fact(received), "authentication": "none", "encrypted": context.tunnel is not None}
    return Identity(
        service=NAME,
        product="Munin node",
        version=version,
        vendor="Munin project",
        host_name=printable(greeting[1].decode("utf-8", "replace")),
        cpe=cpe_name("munin-monitoring", "munin", version),
        why="it greets as a munin node",
        sentence=introduce("a monitor's helper that tells a machine's figures", "Munin node", version)
        + " It answers this machine without a password.",
        facts=facts,
    )
