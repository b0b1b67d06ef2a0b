"""Vault and OpenBao: asks a store of secrets how it is; asks for no secret."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import parse_web_answer, text_of, wait_for_answer, web_request
from doorward.identify.probing import Context, Safety, Step
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

NAME: Final = "vault"
TITLE: Final = "Vault: a store of secrets"
SOURCE: Final = "Vault HTTP API: GET /v1/sys/health"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (8200,)  # Vault's manual
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 8192
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"


def first_words(host: str) -> bytes:
    """Ask how it is."""
    return web_request(host, "/v1/sys/health")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read its health; the states (sealed, standby…) come with other statuses than 200 and the same body."""
    answer = parse_web_answer(received)
    told = answer.json() if answer is not None else {}
    if not {"initialized", "sealed", "standby", "version"} <= told.keys():
        return None
    version = text_of(told, "version", 40)
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "required"}
    for key in ("initialized", "sealed", "standby"):
        facts[key] = told[key] is True
    sealed = " It is sealed: nobody gets a secret until it is opened." if facts["sealed"] else ""
    clear = "" if facts["encrypted"] else " Secrets fetched here can be read on the way."
    return Identity(
        service=NAME,
        product="Vault",
        version=version,
        vendor="HashiCorp",
        cpe=cpe_name("hashicorp", "vault", version),
        why="it tells its health as Vault does",
        sentence=introduce("a store of secrets", "Vault", version) + sealed + clear,
        facts=facts,
    )
