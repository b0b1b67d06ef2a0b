"""apcupsd: asks a watcher of a power supply for its state; switches nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
from doorward.identify.systems import system_from_revision
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

NAME: Final = "apcupsd"
TITLE: Final = "apcupsd: watching an APC power supply"
SOURCE: Final = "APC UPS Daemon manual: NIS Network Information Server Protocol"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (3551,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 8192

_ASK: Final = b"\x00\x06status"
_MOST_LINES: Final = 100
_VERSION = re.compile(r"(\d[\w.]*)(?: \(([^)]{1,40})\))? ?(\S{0,40})")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the state, its length before it."""
    return _ASK


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """A length of zero ends the answer."""
    return Step.DONE if received.endswith(b"\x00\x00") or received[:1] not in (b"", b"\x00") else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read ``NAME : value`` lines, each with its length (2) before it."""
    lines = _lines(received)
    if not lines or not lines[0].startswith("APC "):
        return None
    told = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    found = _VERSION.match(told.get("VERSION", ""))
    version = found[1] if found else ""
    system = system_from_revision(found[3]) if found else ""
    facts: dict[str, Fact] = {"authentication": "none", "encrypted": False}
    for key, fact in (("VERSION", "banner"), ("MODEL", "model"), ("STATUS", "status"), ("UPSNAME", "name")):
        if told.get(key):
            facts[fact] = printable(told[key], 100)
    return Identity(
        service=NAME,
        product="apcupsd",
        version=printable(version),
        vendor="apcupsd project",
        system=system,
        host_name=printable(told.get("HOSTNAME", ""), 100),
        cpe=cpe_name("apcupsd", "apcupsd", version),
        why="its state begins with the line APC",
        sentence=introduce("a watcher of a power supply", "apcupsd", printable(version), system)
        + " Whoever reaches it may read its state.",
        facts=facts,
    )


def _lines(received: bytes) -> list[str]:
    lines: list[str] = []
    place = 0
    while len(lines) < _MOST_LINES:
        size = int.from_bytes(received[place : place + 2])
        line = received[place + 2 : place + 2 + size]
        if not size or len(line) < size or size > 300:
            break
        lines.append(line.decode("utf-8", "replace"))
        place += 2 + size
    return lines
