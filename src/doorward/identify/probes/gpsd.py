"""gpsd: reads the version that it tells every caller; asks for no place."""

from __future__ import annotations

import json
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

NAME: Final = "gpsd"
TITLE: Final = "gpsd: where this machine is, by satellite"
SOURCE: Final = "gpsd_json(5): VERSION"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (2947,)  # IANA
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 2048


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """One line is all."""
    return Step.DONE if b"\n" in received else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the first line: a JSON object of class VERSION."""
    line, end, _ = received[:MAX_BYTES].partition(b"\n")
    if not end or not line.startswith(b'{"class":"VERSION"'):
        return None
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    version = told.get("release") if isinstance(told, dict) else None
    if not isinstance(version, str) or not isinstance(told.get("proto_major"), int):
        return None
    version = printable(version, 40)
    facts: dict[str, Fact] = {
        "banner": banner_fact(line),
        "protocol_version": f"{told['proto_major']}.{told.get('proto_minor', 0)}"[:20],
        "authentication": "none",
        "encrypted": context.tunnel is not None,
    }
    return Identity(
        service=NAME,
        product="gpsd",
        version=version,
        vendor="gpsd project",
        cpe=cpe_name("gpsd_project", "gpsd", version),
        why="its first line is gpsd's version in JSON",
        sentence=introduce("a door that tells where this machine is", "gpsd", version) + " Whoever reaches it may ask.",
        facts=facts,
    )
