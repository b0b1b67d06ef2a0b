"""Network UPS Tools: asks a watcher of power supplies for its version; switches nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
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

NAME: Final = "nut"
TITLE: Final = "NUT: watching uninterruptible power supplies"
SOURCE: Final = "Network UPS Tools Developer Guide, RFC 9271"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (3493,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 2048

_ASK: Final = b"VER\n"
_VERSION = re.compile(rb"Network UPS Tools upsd (\d[\w.~+-]{0,40})")
_MISUNDERSTANDS = re.compile(rb"(?:ERR (?:UNKNOWN-COMMAND|INVALID-ARGUMENT)\n){1,20}$")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the version."""
    return _ASK


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """One line is all."""
    return Step.DONE if b"\n" in received else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version, or the error that answers other words."""
    told = _VERSION.match(received)
    if told is None and not _MISUNDERSTANDS.match(received[:2000]):
        return None
    version = told[1].decode() if told else ""
    facts: dict[str, Fact] = {"banner": banner_fact(received), "authentication": "none", "encrypted": context.tunnel is not None}
    return Identity(
        service=NAME,
        product="Network UPS Tools",
        version=version,
        vendor="Network UPS Tools project",
        cpe=cpe_name("networkupstools", "nut", version),
        certainty=Certainty.MEASURED if told else Certainty.INFERRED,
        why="it names itself Network UPS Tools" if told else "its error is worded as upsd words errors",
        sentence=introduce("a watcher of power supplies", "Network UPS Tools", version) + " Whoever reaches it may read their state.",
        facts=facts,
    )
