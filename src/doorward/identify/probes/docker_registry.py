"""A store of container images: asks whether it speaks its second protocol; lists no image."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import parse_web_answer, wait_for_answer, web_request
from doorward.identify.probing import Context, Safety, Step
from doorward.values.evidence import Certainty
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

NAME: Final = "docker_registry"
TITLE: Final = "Container registry: a store of container images"
SOURCE: Final = "OCI Distribution Specification §3.2: GET /v2/"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    5000,
    5001,
    5005,
)  # the reference registry's manual; habits beside it
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 8192
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"

_PLAIN: Final = frozenset(("cache-control", "date", "content-length", "connection"))


def first_words(host: str) -> bytes:
    """Ask for the second version of the protocol."""
    return web_request(host, "/v2/")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the field that says so; the bare page that the reference registry has at its start is a hint."""
    answer = parse_web_answer(received)
    if answer is None:
        return None
    spoken = answer.fields.get("docker-distribution-api-version", "")
    if spoken.startswith("registry/2"):
        return _identity(context, {200: "none", 401: "required"}.get(answer.status, "unknown"), Certainty.MEASURED)
    bare = answer.status == 200 and not answer.body and answer.fields.get("content-length") == "0"
    if bare and answer.fields.get("cache-control") == "no-cache" and answer.fields.keys() <= _PLAIN and context.spoke == "http":
        return _identity(context, "unknown", Certainty.INFERRED)
    return None


def _identity(context: Context, authentication: str, certainty: Certainty) -> Identity:
    advice = " Whoever reaches it may fetch its images: it asks for no password." if authentication == "none" else ""
    return Identity(
        service=NAME,
        product="Docker Registry",
        vendor="Distribution project",
        cpe=cpe_name("distribution", "distribution"),
        certainty=certainty,
        why="its head has the registry's field" if certainty is Certainty.MEASURED else "its start page is as bare as the registry's",
        sentence=introduce("a store of container images", "Docker Registry") + advice,
        facts={"encrypted": context.tunnel is not None, "authentication": authentication},
    )
