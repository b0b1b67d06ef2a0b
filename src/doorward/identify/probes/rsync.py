"""Rsync's daemon: reads its greeting and asks for the list of public modules; enters none."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
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

NAME: Final = "rsync"
TITLE: Final = "rsync: copying of files"
SOURCE: Final = "rsync/csprotocol.txt"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (873,)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_GREETING = re.compile(rb"@RSYNCD: (\d{2})\.(\d{1,4})(?: ([\w .-]{0,200}))?\n")
_LIST: Final = b"@RSYNCD: 31.0\n#list\n"  # what a client of that protocol says when no module is named
_MODULE = re.compile(rb"(?m)^([^\s@][^\t\n]{0,100}?) *\t([^\n]{0,200})$")
_SINCE = {27: "2.6.0", 28: "2.6.0", 29: "2.6.4", 30: "3.0.0", 31: "3.1.0", 32: "3.4.0"}  # rsync's NEWS, "PROTOCOL NUMBER"


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server greets
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask for the list, and wait for its end."""
    if not _GREETING.match(received):
        return Step.DONE if b"\n" in received else Step.WAIT
    if not any(turn.sent == _LIST for turn in context.turns):
        return _LIST
    return Step.DONE if b"@RSYNCD: EXIT\n" in received or b"@ERROR" in received else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting's protocol number and the modules."""
    text = received[:MAX_BYTES]
    greeting = _GREETING.match(text)
    if greeting is None:
        return None
    number = int(greeting[1])
    modules = [printable(found[1].decode("utf-8", "replace").strip(), 100) for found in _MODULE.finditer(text, greeting.end())][:50]
    facts: dict[str, Fact] = {
        "banner": banner_fact(greeting[0]),
        "encrypted": context.tunnel is not None,
        "authentication": "unknown",
        "protocol_version": f"{number}.{int(greeting[2])}",
    }
    if number in _SINCE:
        facts["version_at_least"] = _SINCE[number]
    if greeting[3]:
        facts["digests"] = greeting[3].decode().split()[:20]
    if modules:
        facts["modules"] = modules
    sentence = introduce("a door for copying files", "rsync")
    if modules:
        sentence += f" Everyone may see which folders it offers ({', '.join(modules[:5])})."
    return Identity(
        service=NAME,
        product="rsync",
        vendor="rsync project",
        cpe=cpe_name("samba", "rsync"),
        why=f"it greets with @RSYNCD: {number}",
        sentence=sentence,
        facts=facts,
    )
