"""Internet Printing Protocol: recognises a printer's or print server's web door by what it says of itself; prints and asks nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._web_answers import parse_web_answer, wait_for_answer, web_request
from doorward.identify.probes._web_servers import web_server
from doorward.identify.probing import Context, Safety, Step
from doorward.values.evidence import Fact
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "STANDS_ON",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "ipp"
TITLE: Final = "IPP: printing over the web"
SOURCE: Final = "RFC 8010, RFC 8011; PWG 5100.12"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (631,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 16384
STANDS_ON: Final = "http"

_TOKEN = re.compile(r"\bIPP/(\d\.\d)\b")


def first_words(host: str) -> bytes:
    """Ask for the start page, whose head and foot name the server."""
    return web_request(host, "/")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the Server field, which names the version of IPP."""
    answer = parse_web_answer(received)
    spoken = _TOKEN.search(answer.fields.get("server", "")) if answer is not None else None
    if answer is None or spoken is None:
        return None
    server = web_server(answer.fields, answer.body[:16_384].decode("utf-8", "replace"))
    facts: dict[str, Fact] = {
        "banner": banner_fact(answer.fields["server"].encode()),
        "protocol_version": spoken[1],
        "status": answer.status,
        "authentication": "required" if answer.status == 401 else "unknown",
        "encrypted": context.tunnel is not None,
    }
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        system=server.system,
        cpe=server.cpe,
        why=f"its head says that it speaks IPP {spoken[1]}",
        sentence=introduce("a door for printing", server.product, server.version, server.system),
        facts=facts,
    )
