"""CouchDB: asks for the start answer, in which the server greets; reads no database."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import parse_web_answer, text_of, wait_for_answer, web_request
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Fact
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

NAME: Final = "couchdb"
TITLE: Final = "CouchDB: a database of documents"
SOURCE: Final = "Apache CouchDB documentation, API: GET /"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    5984,
    6984,
)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"


def first_words(host: str) -> bytes:
    """Ask for the start answer."""
    return web_request(host, "/")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the welcome."""
    answer = parse_web_answer(received[:MAX_BYTES])
    told = answer.json() if answer is not None else {}
    if answer is None or told.get("couchdb") != "Welcome":
        return None
    version = text_of(told, "version", 40)
    maker = told.get("vendor")
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "unknown"}
    if text := text_of(told, "uuid"):
        facts["server_id"] = text
    vendor = text_of(maker, "name") if isinstance(maker, dict) else ""
    return Identity(
        service=NAME,
        product="CouchDB",
        version=version,
        vendor=vendor or "Apache Software Foundation",
        cpe=cpe_name("apache", "couchdb", version),
        why="it welcomes callers as CouchDB",
        sentence=introduce("a database of documents", "CouchDB", version),
        facts=facts,
    )
