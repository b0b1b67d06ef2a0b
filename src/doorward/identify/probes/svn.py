"""Subversion's own server: reads its greeting and which ways to log in it offers; reads no repository."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
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

NAME: Final = "svn"
TITLE: Final = "Subversion: histories of files"
SOURCE: Final = "subversion/libsvn_ra_svn/protocol"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (3690,)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_GREETING = re.compile(rb"\( success \( (\d) (\d) \( ([A-Z0-9 -]{0,100})\) \( ([\w -]{1,600})\) \) \) ?")
_MECHANISMS = re.compile(rb"\( success \( \( ([A-Z0-9 -]{0,100})\) (\d{1,3}):")


def first_words(host: str) -> bytes:  # noqa: ARG001  # the server greets
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Say which address we mean, so that the server tells who may enter."""
    greeting = _GREETING.match(received)
    if greeting is None:
        return Step.DONE if len(received) > 800 or context.closed else Step.WAIT
    if any(turn.sent for turn in context.turns):
        return Step.DONE if received[greeting.end() :].endswith(b") ") else Step.WAIT
    address = f"svn://{context.host[:100] or 'localhost'}/".encode()
    return b"( 2 ( edit-pipeline svndiff1 ) %d:%b ) " % (len(address), address)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the greeting: two protocol versions, mechanisms (empty since the first), capabilities."""
    text = received[:MAX_BYTES]
    greeting = _GREETING.match(text)
    if greeting is None:
        return None
    answer = text[greeting.end() :]
    offered = _MECHANISMS.match(answer)
    mechanisms = offered[1].decode().split() if offered else []
    access = "unknown" if offered is None else "none" if not mechanisms or "ANONYMOUS" in mechanisms else "required"
    facts: dict[str, Fact] = {
        "banner": banner_fact(greeting[0]),
        "encrypted": context.tunnel is not None,
        "authentication": access,
        "capabilities": greeting[4].decode().split()[:50],
    }
    if mechanisms:
        facts["mechanisms"] = mechanisms
    # Each capability came with a release (subversion/include/svn_ra.h).
    capabilities = greeting[4].decode().split()
    since = next((version for word, version in _SINCE if word in capabilities), "")
    if since:
        facts["version_at_least"] = since
    sentence = introduce("a door to the histories of files (Subversion)", "svnserve")
    return Identity(
        service=NAME,
        product="svnserve",
        vendor="Apache Software Foundation",
        cpe=cpe_name("apache", "subversion"),
        why="it greets with ( success ( and Subversion's capabilities",
        sentence=sentence + (" It lets strangers look at it." if access == "none" else ""),
        facts=facts,
    )


_SINCE: Final = (
    ("list", "1.10"),
    ("accepts-svndiff2", "1.10"),
    ("file-revs-reverse", "1.8"),
    ("inherited-props", "1.8"),
    ("atomic-revprops", "1.7"),
)
