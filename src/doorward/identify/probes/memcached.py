"""Memcached's text protocol: asks for the version and how the server is set up; never for a key."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
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
    "first_datagram",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "memcached"
TITLE: Final = "Memcached: a cache for programs' data in memory"
SOURCE: Final = "memcached/doc/protocol.txt (text protocol, UDP frame header)"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (
    11211,
    11212,
    11214,
)  # IANA: 11211; a second server's; Twemproxy's manual
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_VERSION: Final = b"version\r\n"
_SETTINGS: Final = b"stats settings\r\n"
_FRAME: Final = bytes((0x44, 0x57, 0, 0, 0, 1, 0, 0))  # request id, sequence number, datagrams in all, reserved
_VERSION_ANSWER = re.compile(rb"VERSION (\d[\w.+~-]{0,40})\r\n")
_SETTING = re.compile(rb"(?m)^STAT ([a-z_]{1,40}) ([^\r\n]{0,100})\r$")
_ERRORS = re.compile(rb"(?:ERROR\r\n){1,40}")
_UNPROVEN = re.compile(rb"CLIENT_ERROR unauthenticated\r\n")  # memcached/proto_text.c, with -Y


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the version."""
    return _VERSION


def first_datagram(host: str) -> bytes:  # noqa: ARG001
    """The same behind the header that UDP wants."""
    return _FRAME + _VERSION


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask for the settings once the version is here; only in TCP, where a forged sender can't be flooded with them."""
    if context.transport is Transport.UDP or context.closed or _UNPROVEN.match(received):
        return Step.DONE
    said = {turn.sent for turn in context.turns}
    if _SETTINGS in said:
        return Step.DONE if received.endswith((b"END\r\n", b"ERROR\r\n")) else Step.WAIT
    if _VERSION_ANSWER.search(received):
        return _SETTINGS
    if _VERSION not in said and context.spoke != NAME:
        return _VERSION
    return Step.DONE if b"\r\n" in received else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version; an ``ERROR`` alone is a guess, a demand to prove oneself is not."""
    text = _unframed(received[:MAX_BYTES])
    told = _VERSION_ANSWER.match(text)
    unproven = _UNPROVEN.match(text)
    if told is None and unproven is None and not (_ERRORS.fullmatch(text) and context.spoke):
        return None
    version = told[1].decode() if told else ""
    settings = {found[1].decode(): found[2].decode("ascii", "replace") for found in _SETTING.finditer(text)}
    facts: dict[str, Fact] = {
        "banner": banner_fact(text),
        "encrypted": context.tunnel is not None,
        "authentication": "required" if unproven else "none" if told else "unknown",
    }
    for name in ("maxbytes", "maxconns", "udpport", "inter", "domain_socket"):
        if name in settings and settings[name] != "NULL":
            facts[name] = printable(settings[name])
    sure = told is not None or unproven is not None
    return Identity(
        service=NAME,
        product="Memcached" if sure else "",
        version=version,
        vendor="Memcached project" if sure else "",
        cpe=cpe_name("memcached", "memcached", version) if sure else "",
        certainty=Certainty.MEASURED if sure else Certainty.INFERRED,
        why="it answers “version” with VERSION" if told else "it wants proof of who calls, in Memcached's words" if unproven else _GUESS,
        sentence=introduce("a cache for programs' data", "Memcached" if sure else "", version) + _advice(facts, context),
        facts=facts,
    )


_GUESS: Final = "its only word is ERROR, as Memcached answers what it does not know"


def _unframed(received: bytes) -> bytes:
    """The text without the header of a first UDP datagram."""
    return received[len(_FRAME) :] if received[:2] == _FRAME[:2] and received[2:8] == _FRAME[2:] else received


def _advice(facts: dict[str, Fact], context: Context) -> str:
    if facts["authentication"] != "none":
        return " It wants a login." if facts["authentication"] == "required" else ""
    text = " Whoever reaches it may read and change everything in it: it asks for no password."
    if context.transport is Transport.UDP:
        text += " It answers in UDP, so strangers can make it flood others: turn that off."
    return text
