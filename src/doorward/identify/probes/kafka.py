"""Kafka: asks which requests the broker takes; reads no topic."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, introduce
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

NAME: Final = "kafka"
TITLE: Final = "Kafka: streams of messages between programs"
SOURCE: Final = "Apache Kafka protocol guide, ApiVersions"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    9092,
    9093,
    9094,
)  # Kafka's manual: plain, TLS or controller, a further listener
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_NUMBER: Final = b"Door"
_API_VERSIONS: Final = 18
_UNSUPPORTED: Final = 35  # UNSUPPORTED_VERSION; the list comes all the same
_HEAD = re.compile(rb"([\x00-\xff]{4})Door([\x00-\xff]{2})([\x00-\xff]{4})")
# Requests that came with a release (Kafka's ApiKeys); the first that the broker takes tells its least version.
_SINCE: Final = ((71, "3.7"), (65, "3.0"), (60, "2.8"), (50, "2.7"), (48, "2.6"), (45, "2.4"), (44, "2.3"), (43, "2.2"))


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Length, request 18, version 0, a number of ours, our name."""
    body = _API_VERSIONS.to_bytes(2) + bytes(2) + _NUMBER + b"\x00\x08doorward"
    return len(body).to_bytes(4) + body


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait for as much as the answer's length says."""
    if received[4:8] != _NUMBER[: len(received[4:8])]:
        return Step.DONE
    return Step.WAIT if len(received) < 4 or (len(received) < 4 + int.from_bytes(received[:4]) and not context.closed) else Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the list: error (2), count (4), then request, least and highest version (2 each)."""
    head = _HEAD.match(received)
    if head is None:
        return None
    size, error, count = (int.from_bytes(part) for part in head.groups())
    if error not in (0, _UNSUPPORTED) or not 1 <= count <= 300 or size < 10 + 6 * count or len(received) < 14 + 6 * count:
        return None
    rows = [received[14 + 6 * place : 20 + 6 * place] for place in range(count)]
    highest = {int.from_bytes(row[:2]): int.from_bytes(row[4:]) for row in rows}
    if _API_VERSIONS not in highest:
        return None
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "unknown", "requests": count}
    if 17 in highest:
        facts["logins_offered"] = True  # SaslHandshake
    if since := next((version for request, version in _SINCE if request in highest), ""):
        facts["version_at_least"] = since
    if not {0, 1} & set(highest):
        facts["role"] = "controller"
    return Identity(
        service=NAME,
        why="it lists the requests it takes, with the number that we gave ours",
        sentence=introduce("a server that keeps streams of messages for programs (Kafka's protocol)"),
        facts=facts,
    )
