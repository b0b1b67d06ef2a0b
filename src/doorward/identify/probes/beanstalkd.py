"""Beanstalkd: asks the server for its statistics; takes no job and leaves none."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.identify.systems import system_from_revision
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
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "beanstalkd"
TITLE: Final = "Beanstalkd: a queue of jobs"
SOURCE: Final = "beanstalkd/doc/protocol.txt"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (11300,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_STATS: Final = b"stats\r\n"
_ANSWER = re.compile(rb"OK (\d{1,5})\r\n---\n")
_FIELD = re.compile(rb"(?m)^(version|hostname|os|platform|uptime|pid|draining|current-jobs-ready): \"?([^\r\n\"]{1,200})\"?$")
_UNKNOWN = re.compile(rb"(?:UNKNOWN_COMMAND\r\n){1,40}")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the statistics."""
    return _STATS


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait until as much came as the first line says."""
    head = _ANSWER.match(received)
    if head is None:
        return Step.DONE if b"\r\n" in received else Step.WAIT
    return Step.DONE if len(received) >= received.index(b"\r\n") + 4 + int(head[1]) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the statistics, or the complaint about words of other protocols."""
    text = received[:MAX_BYTES]
    answered = _ANSWER.match(text) is not None
    told = {found[1].decode(): printable(found[2].decode("utf-8", "replace")) for found in _FIELD.finditer(text)} if answered else {}
    if not (_UNKNOWN.fullmatch(text) or ("version" in told and "current-jobs-ready" in told)):
        return None
    version, system = told.get("version", ""), system_from_revision(told.get("os", ""))
    facts: dict[str, Fact] = {
        "banner": banner_fact(text),
        "encrypted": context.tunnel is not None,
        "authentication": "none" if told else "unknown",
    }
    facts |= {ours: told[name] for name, ours in (("os", "kernel"), ("platform", "platform"), ("uptime", "uptime_s")) if name in told}
    return Identity(
        service=NAME,
        product="beanstalkd",
        version=version,
        vendor="Keith Rarick",
        system=system,
        host_name=told.get("hostname", ""),
        cpe=cpe_name("beanstalkd_project", "beanstalkd", version),
        certainty=Certainty.MEASURED if told else Certainty.INFERRED,
        why="it tells its statistics as beanstalkd does" if told else "it answers unknown words with UNKNOWN_COMMAND",
        sentence=introduce("a queue in which programs leave jobs for others", "beanstalkd", version, system) + _advice(told),
        facts=facts,
    )


def _advice(told: dict[str, str]) -> str:
    return " Whoever reaches it may take and add jobs: it asks for no password." if told else ""
