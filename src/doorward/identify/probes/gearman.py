"""Gearman: asks the job server for its version in its administrators' text protocol; takes no job."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
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
    "read",
]

NAME: Final = "gearman"
TITLE: Final = "Gearman: a queue of jobs"
SOURCE: Final = "Gearman protocol, Administrative Protocol"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    4730,
    7003,
)  # IANA: 4730; the old one
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_ANSWER = re.compile(rb"OK (\d{1,3}\.[\d.]{1,20})([+~-][\w.+~-]{0,40})?\r?\n")
_UNKNOWN = re.compile(rb"ERR UNKNOWN_COMMAND Unknown\+server\+command")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the version."""
    return b"version\r\n"


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version where it was asked for, or gearmand's complaint about other words."""
    told = _ANSWER.fullmatch(received[:100]) if context.spoke in (NAME, "memcached") else None
    if told is None and not _UNKNOWN.match(received):
        return None
    version = told[1].decode() if told else ""
    facts: dict[str, Fact] = {"banner": banner_fact(received), "encrypted": context.tunnel is not None}
    facts["authentication"] = "none" if told else "unknown"
    return Identity(
        service=NAME,
        product="gearmand",
        version=version,
        revision=(told[2] or b"").decode().lstrip("+~-") if told else "",
        vendor="Gearman project",
        cpe=cpe_name("gearman", "gearmand", version),
        certainty=Certainty.INFERRED if told and context.spoke != NAME else Certainty.MEASURED,
        why="it tells its version as gearmand does" if told else "its complaint is worded as only gearmand words it",
        sentence=introduce("a queue that hands out jobs to programs", "gearmand", version)
        + (" Whoever reaches it may take and add jobs: it asks for no password." if told else ""),
        facts=facts,
    )
