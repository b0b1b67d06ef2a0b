"""InfluxDB: asks whether it is well, which it answers with its version; reads no measurement."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import parse_web_answer, text_of, wait_for_answer, web_request
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Fact
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SHOWN_AS",
    "SOURCE",
    "STANDS_ON",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "influxdb"
TITLE: Final = "InfluxDB: a database of measurements"
SOURCE: Final = "InfluxDB documentation: /ping, /health"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    8086,
    8181,
)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"

_VERSION = re.compile(r"v?(\d[\d.]{0,20}\d)(?:[~-](\S{1,40}))?")


def first_words(host: str) -> bytes:
    """Ask for its health."""
    return web_request(host, "/health")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version in the head, or in the word on its health."""
    answer = parse_web_answer(received[:MAX_BYTES])
    if answer is None:
        return None
    told = answer.json()
    text = answer.fields.get("x-influxdb-version", "")
    if not text and told.get("name") == "influxdb":
        text = text_of(told, "version", 60)
    found = _VERSION.match(text)
    if found is None:
        return None
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "unknown", "status": answer.status}
    if build := answer.fields.get("x-influxdb-build", ""):
        facts["build"] = printable(build, 40)
    return Identity(
        service=NAME,
        product="InfluxDB",
        version=found[1],
        revision=printable(found[2] or "", 40),
        vendor="InfluxData",
        cpe=cpe_name("influxdata", "influxdb", found[1]),
        why="its answer's head tells InfluxDB's version"
        if "x-influxdb-version" in answer.fields
        else "it tells its health as InfluxDB does",
        sentence=introduce("a database of measurements", "InfluxDB", found[1]),
        facts=facts,
    )
