"""Consul: asks the agent who it is; reads no key and no service."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import parse_web_answer, text_of, wait_for_answer, web_request
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
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

NAME: Final = "consul"
TITLE: Final = "Consul: which services are where"
SOURCE: Final = "Consul documentation, Agent API"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    8500,
    8501,
)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"


def first_words(host: str) -> bytes:
    """Ask the agent for itself."""
    return web_request(host, "/v1/agent/self")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the agent's settings; a refusal has the agent's fields in its head, and the start page is a hint."""
    answer = parse_web_answer(received[:MAX_BYTES])
    if answer is None:
        return None
    told = answer.json().get("Config")
    settings = told if isinstance(told, dict) else {}
    agent = "Datacenter" in settings and "NodeName" in settings
    fields = any(name.startswith("x-consul-") for name in answer.fields)
    page = b"<title>Consul by HashiCorp</title>" in answer.body
    if not (agent or fields or page or (context.spoke == NAME and answer.status == 403 and b"Permission denied" in answer.body)):
        return None
    version = text_of(settings, "Version", 40)
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "none" if agent else "required" if answer.status == 403 else "unknown",
    }
    for name, ours in (("Datacenter", "datacenter"), ("PrimaryDatacenter", "primary_datacenter"), ("NodeID", "node_id")):
        if text := text_of(settings, name):
            facts[ours] = text
    return Identity(
        service=NAME,
        product="Consul",
        version=version,
        vendor="HashiCorp",
        host_name=text_of(settings, "NodeName", 200),
        cpe=cpe_name("hashicorp", "consul", version),
        certainty=Certainty.MEASURED if agent or fields else Certainty.INFERRED,
        why="the agent tells of itself" if agent else "its answer has Consul's marks",
        sentence=introduce("a list of which services are where", "Consul", version)
        + (" It tells everyone of itself: it asks for no password." if agent else ""),
        facts=facts,
    )
