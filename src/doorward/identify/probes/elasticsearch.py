"""Elasticsearch and OpenSearch: asks for the start answer, in which the node describes itself; reads no index."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import WebAnswer, parse_web_answer, text_of, wait_for_answer, web_request
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

NAME: Final = "elasticsearch"
TITLE: Final = "Elasticsearch, OpenSearch: search in documents"
SOURCE: Final = "Elasticsearch Guide and OpenSearch documentation, the root answer"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    9200,
    9201,
)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"

_LOGIN = re.compile(r'realm="(?:security|OpenSearch Security)"')


def first_words(host: str) -> bytes:
    """Ask for the start answer."""
    return web_request(host, "/")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the node's description, or the demand to log in."""
    answer = parse_web_answer(received[:MAX_BYTES])
    if answer is None:
        return None
    told = answer.json()
    version = told.get("version")
    if isinstance(version, dict) and "lucene_version" in version:
        return _identity(told, version, context)
    return _locked(answer, context)


def _identity(told: dict[str, object], version: dict[str, object], context: Context) -> Identity:
    opensearch = version.get("distribution") == "opensearch"
    product, vendor, cpe_vendor = ("OpenSearch", "OpenSearch project", "amazon") if opensearch else ("Elasticsearch", "Elastic", "elastic")
    number = text_of(version, "number", 40)
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none"}
    for holder, name, ours in ((told, "name", "node"), (told, "cluster_name", "cluster"), (version, "lucene_version", "lucene_version")):
        if text := text_of(holder, name):
            facts[ours] = text
    return Identity(
        service=NAME,
        product=product,
        version=number,
        vendor=vendor,
        cpe=cpe_name(cpe_vendor, product.lower(), number),
        why="its start answer describes a node with Lucene in it",
        sentence=introduce("a database for searching in documents", product, number)
        + " Whoever reaches it may read and change everything in it: it asks for no password.",
        facts=facts,
    )


def _locked(answer: WebAnswer, context: Context) -> Identity | None:
    demand = answer.fields.get("www-authenticate", "")
    product = "Elasticsearch" if answer.fields.get("x-elastic-product") == "Elasticsearch" else ""
    if answer.status != 401 or not (product or (_LOGIN.search(demand) and b'"security_exception"' in answer.body)):
        return None
    product = product or ("OpenSearch" if "OpenSearch" in demand else "Elasticsearch" if b'"security_exception"' in answer.body else "")
    return Identity(
        service=NAME,
        product=product,
        vendor="Elastic" if product == "Elasticsearch" else "OpenSearch project",
        why="it demands a login in its own words",
        sentence=introduce("a database for searching in documents", product) + " It wants a login.",
        facts={"encrypted": context.tunnel is not None, "authentication": "required"},
    )
