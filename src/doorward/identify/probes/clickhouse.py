"""ClickHouse's door on the web: asks for its version as any guest may; reads no table."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import parse_web_answer, wait_for_answer, web_request
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
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

NAME: Final = "clickhouse"
TITLE: Final = "ClickHouse: a database for counting"
SOURCE: Final = "ClickHouse documentation, HTTP Interface"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    8123,
    8443,
)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"

_VERSION = re.compile(rb"(\d{2}\.\d{1,2}\.\d{1,3}(?:\.\d{1,5})?)\s{0,2}")
_IN_ERROR = re.compile(rb"\(version (\d{2}\.\d{1,2}\.\d{1,3}(?:\.\d{1,5})?)[ )]")


def first_words(host: str) -> bytes:
    """Ask for the version, as a query that reads nothing."""
    return web_request(host, "/?query=SELECT%20version()")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the fields of its own in the head, and the version, also where it stands in a refusal."""
    answer = parse_web_answer(received[:MAX_BYTES])
    if answer is None:
        return None
    own = any(name.startswith("x-clickhouse-") for name in answer.fields)
    greets = context.spoke == "http" and answer.body == b"Ok.\n"
    if not own and not (greets and "keep-alive" in answer.fields):
        return None
    refused = (
        answer.status in (401, 403) or b"Authentication failed" in answer.body or answer.fields.get("x-clickhouse-exception-code") == "516"
    )
    told = _IN_ERROR.search(answer.body) if refused or answer.status >= 400 else _VERSION.fullmatch(answer.body)
    version = told[1].decode() if told else ""
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None}
    facts["authentication"] = "required" if refused else "none" if version else "unknown"
    if name := answer.fields.get("x-clickhouse-server-display-name", ""):
        facts["server_name"] = printable(name, 100)
    return Identity(
        service=NAME,
        product="ClickHouse",
        version=version,
        vendor="ClickHouse",
        host_name=printable(name, 100),
        cpe=cpe_name("clickhouse", "clickhouse", version),
        certainty=Certainty.MEASURED if own else Certainty.INFERRED,
        why="its answer's head has ClickHouse's own fields" if own else "it answers “Ok.” as ClickHouse does",
        sentence=introduce("a database for counting in very many rows", "ClickHouse", version)
        + {"required": " It wants a login.", "none": " It answers guests without a password."}.get(str(facts["authentication"]), ""),
        facts=facts,
    )
