"""Redis's protocol: asks whether it lives and what it is; never asks for a key, changes nothing, offers no password."""

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
    "decode_replies",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "redis"
TITLE: Final = "Redis: a store of keys and values in memory"
SOURCE: Final = "Redis serialization protocol specification (RESP 2)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (6379, 6380, 16379, 26379)  # IANA: 6379; Redis's manual: TLS, cluster bus's neighbour, Sentinel
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

# Inline commands (RESP, "Inline commands"): plain lines, which a server of another protocol takes for a wrong word and no more.
_PING: Final = b"PING\r\n"
_INFO: Final = b"INFO server\r\n"
_MOST_REPLIES: Final = 8
# Said unasked, before closing, to a caller from another machine (redis/src/networking.c).
_PROTECTED: Final = b"-DENIED Redis is running in protected mode"
# Errors that no other protocol words so. The first three answer a refused or unproven caller; the rest answers words of other protocols.
_WANTS_LOGIN = re.compile(rb"NOAUTH |ERR operation not permitted$|WRONGPASS ")
_FORBIDS = re.compile(rb"NOPERM ")
_MISUNDERSTANDS = re.compile(rb"ERR (?:wrong number of arguments for '[a-z|]{1,40}' command|unknown command [`'])")

# Kept apart from Redis by a field of their own in INFO: field → product, its makers, CPE vendor and product.
_RELATIVES = (
    ("valkey_version", "Valkey", "Linux Foundation", "lfprojects", "valkey"),
    ("dragonfly_version", "Dragonfly", "DragonflyDB", "dragonflydb", "dragonfly"),
    ("redis_version", "Redis", "Redis Ltd.", "redis", "redis"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask whether it lives."""
    return _PING


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask for the server's part of INFO once the server has shown that it lives and lets us ask."""
    said = {turn.sent for turn in context.turns}
    replies = decode_replies(received)
    if received.startswith(_PROTECTED):
        return Step.DONE
    if _PING not in said and context.spoke != NAME:
        return _PING
    if _INFO in said:
        return Step.DONE if replies and replies[-1] != ("+", b"PONG") else Step.WAIT
    if ("+", b"PONG") in replies:
        return _INFO
    return Step.DONE if replies else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the replies; what was refused counts as much as what was told."""
    replies = decode_replies(received[:MAX_BYTES])
    errors = [text for kind, text in replies if kind == "-"]
    told = next((fields for kind, text in replies if kind == "$" and (fields := _info(text))), {})
    facts: dict[str, Fact] = {"banner": banner_fact(received), "encrypted": context.tunnel is not None}
    if told or ("+", b"PONG") in replies:
        return _open(told, any(_FORBIDS.match(error) for error in errors), facts)
    if received.startswith(_PROTECTED):
        facts |= {"authentication": "unknown", "protected_mode": True}
        sentence = introduce("a store for programs' data", "Redis") + " It turns away callers from other machines (protected mode)."
        return Identity(service=NAME, product="Redis", why="it says that Redis runs in protected mode", sentence=sentence, facts=facts)
    if any(_WANTS_LOGIN.match(error) for error in errors):
        facts["authentication"] = "required"
        sentence = "This is a store for programs' data (Redis or a relative). It tells nothing without a password."
        return Identity(service=NAME, why="it answers PING with a demand to log in", sentence=sentence, facts=facts)
    if any(_FORBIDS.match(error) or _MISUNDERSTANDS.match(error) for error in errors):
        facts["authentication"] = "unknown"
        sentence = "This seems to be a store for programs' data (Redis or a relative)."
        why = "its error is worded as Redis words errors"
        return Identity(service=NAME, certainty=Certainty.INFERRED, why=why, sentence=sentence, facts=facts)
    return None


def decode_replies(received: bytes) -> list[tuple[str, bytes]]:
    """Read the whole replies at the start as (kind, text); kinds: ``+`` status, ``-`` error, ``$`` bulk text.

    Stops at the first thing that is none of them, is cut, or breaks its own length; reads at most eight.
    """
    replies: list[tuple[str, bytes]] = []
    place = 0
    while len(replies) < _MOST_REPLIES:
        end = received.find(b"\r\n", place)
        kind, line = received[place : place + 1], received[place + 1 : end]
        if end < 0 or kind not in (b"+", b"-", b"$"):
            break
        place = end + 2
        if kind == b"$":
            if not (line.isdigit() and len(line) <= 6):
                break
            end = place + int(line)
            if received[end : end + 2] != b"\r\n":
                break
            line, place = received[place:end], end + 2
        replies.append((kind.decode(), line))
    return replies


def _info(text: bytes) -> dict[str, str]:
    """Read INFO's ``field:value`` lines; empty when it is another text."""
    if not text.startswith(b"# Server\r\n"):
        return {}
    lines = (line.partition(":") for line in text.decode("utf-8", "replace").split("\r\n")[1:200])
    return {name: printable(value, 200) for name, colon, value in lines if colon}


def _open(told: dict[str, str], forbidden: bool, facts: dict[str, Fact]) -> Identity:
    """What it is when it answered our PING without asking who we are."""
    field, product, vendor, cpe_vendor, cpe_product = next((row for row in _RELATIVES if row[0] in told), ("", "", "", "", ""))
    version = told.get(field, "").removeprefix("df-v")
    system = told.get("os", "").partition(" ")[0]
    facts["authentication"] = "unknown" if forbidden else "none"
    for name, ours in (("redis_mode", "mode"), ("server_mode", "mode"), ("os", "kernel"), ("executable", "executable")):
        if told.get(name):
            facts[ours] = told[name]
    if field in ("valkey_version", "dragonfly_version"):
        facts["compatible_with"] = f"Redis {told.get('redis_version', '')}".strip()
    sentence = introduce("a store for programs' data", product or "Redis or a relative", version, system)
    if not forbidden:
        sentence += " Whoever reaches it may read and change everything in it: it asks for no password."
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor=vendor,
        system=system,
        cpe=cpe_name(cpe_vendor, cpe_product, version) if product else "",
        why="it answers PING with +PONG" + (" and INFO with its version" if version else ""),
        sentence=sentence,
        facts=facts,
    )
