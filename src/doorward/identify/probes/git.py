"""Git's own server: asks for a repository that is not there, and reads the refusal; copies nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
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
    "read",
]

NAME: Final = "git"
TITLE: Final = "Git: histories of files"
SOURCE: Final = "gitprotocol-pack(5), gitprotocol-v2(5)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (9418,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_ERROR = re.compile(rb"([0-9a-f]{4})ERR ([^\n\x00]{1,300})\n?")
_VERSION = re.compile(rb"000eversion 2\n|0013version 2\n|000aversion 1\n?")
_AGENT = re.compile(rb"agent=git/(\d[\w.~+-]{0,40})")
_DAEMONS_WORDS: Final = (
    b"access denied or repository not exported",
    b"no such repository",
    b"service not enabled",
    b"repository not exported",
)


def first_words(host: str) -> bytes:
    """Ask for the histories at the root, in a packet line: its length in four hexadecimal digits, command, path, host, version."""
    name = host.encode("idna" if not host.isascii() else "ascii", "ignore")[:100]
    line = b"git-upload-pack /\x00host=" + name + b"\x00\x00version=2\x00"
    return b"%04x" % (len(line) + 4) + line


def read(received: bytes, context: Context) -> Identity | None:
    """Read the error's packet line, or the capabilities of a repository."""
    text = received[:MAX_BYTES]
    error, version = _ERROR.match(text), _VERSION.match(text)
    if error is not None and int(error[1], 16) != len(error[0]):
        return None
    if version is None and (error is None or not (context.spoke == NAME or error[2].startswith(_DAEMONS_WORDS))):
        return None
    agent = _AGENT.search(text) if version else None
    number = agent[1].decode() if agent else ""
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none"}
    if error is not None:
        facts["banner"] = banner_fact(error[2])
    daemon = error is not None and error[2].startswith(_DAEMONS_WORDS)
    return Identity(
        service=NAME,
        product="Git" if daemon or agent else "",
        version=number,
        vendor="Git project" if daemon or agent else "",
        cpe=cpe_name("git-scm", "git", number) if daemon or agent else "",
        why="it answers in Git's packet lines",
        sentence=introduce("a door to the histories of files (Git)", "Git" if daemon or agent else "", number)
        + " Whoever reaches it may copy what it offers.",
        facts=facts,
    )
