"""Finger: asks for a user that nobody has; who is logged in is not asked."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact
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

NAME: Final = "finger"
TITLE: Final = "Finger: who is logged in, and who somebody is"
SOURCE: Final = "RFC 1288"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (79,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 4096

_NOBODY: Final = b"doorward"
# How servers say that there is no such user: BSD finger and its heirs, GNU finger, cfingerd, Windows ports of them.
_NO_SUCH_USER = re.compile(
    rb"(?im)^\W{0,4}(?:finger: ?)?(?:login name: ?)?[\"'`]?(?P<asked>[^\s\"'`:]{1,40})[\"'`]?:? {0,20}"
    rb"(?:no such user|user not found|unknown user|not a user|\?\?\?|there is no such user)"
)
# What it says to the question for everybody (RFC 1288 §2.5.1), and to words of other protocols.
_WHO_IS_HERE = re.compile(
    rb"(?im)^(?:No one logged (?:on|in)|Login\b.{1,40}\bName\b.{1,60}\b(?:Tty|TTY|Idle|Office)\b|Login(?: name)?: \S.{0,40}\bName: )"
)
_DENIED = re.compile(
    rb"(?i)^.{0,60}\b(?:finger|remote (?:user|host) list|forwarding)\b.{0,60}\b(?:denied|disabled|not allowed|not supported|refused)\b"
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for a user named doorward (RFC 1288 §2.3: {Q1})."""
    return _NOBODY + b"\r\n"


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until it closes, as it must (RFC 1288 §2.2)."""
    return Step.DONE if context.closed or len(received) >= MAX_BYTES else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Look for the name that we asked for in a sentence that finger servers say."""
    received = received[:MAX_BYTES]
    words = {word.lower() for turn in context.turns for word in turn.sent.split()} | ({_NOBODY} if context.spoke == NAME else set())
    found = _NO_SUCH_USER.search(received)
    lists_users = _WHO_IS_HERE.search(received) is not None
    if found and found["asked"].lower() in words:
        certainty, why = Certainty.MEASURED, "it looked for a user of the name that we sent"
    elif lists_users:
        certainty, why = Certainty.MEASURED, "it tells who is logged in"
    elif _DENIED.search(received) and context.spoke == NAME:
        certainty, why = Certainty.INFERRED, "it refuses to answer such questions"
    else:
        return None
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "none",
        "banner": banner_fact(received),
        "lists_users": lists_users,
    }
    sentence = "This tells strangers who has an account here and who is logged in (finger). Close it."
    return Identity(service=NAME, certainty=certainty, why=why, sentence=sentence, facts=facts)
