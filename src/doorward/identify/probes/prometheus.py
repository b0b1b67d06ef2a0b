"""Prometheus: asks a monitor for its build; asks for no figure."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import parse_web_answer, text_of, wait_for_answer, web_request
from doorward.identify.probing import Context, Safety, Step
from doorward.identify.systems import system_from_revision
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

NAME: Final = "prometheus"
TITLE: Final = "Prometheus: a monitor's memory of figures"
SOURCE: Final = "Prometheus HTTP API: GET /api/v1/status/buildinfo"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (9090,)  # Prometheus's manual
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 8192
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"

_START = re.compile(r"(?:/[\w/-]{0,40})?/(?:classic/)?(?:graph|query)")
_VERSION = re.compile(r"(\d{1,3}\.\d{1,3}\.\d{1,3})(\S{0,60})")


def first_words(host: str) -> bytes:
    """Ask for the build."""
    return web_request(host, "/api/v1/status/buildinfo")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the build; a start page that leads to the graphs is a hint."""
    answer = parse_web_answer(received)
    if answer is None:
        return None
    told = answer.json()
    data = told.get("data")
    if told.get("status") == "success" and isinstance(data, dict) and "goVersion" in data and "version" in data:
        return _identity(context, data)
    place = answer.fields.get("location", "")
    hint = answer.status == 302 and "server" not in answer.fields and _START.fullmatch(place)
    return _identity(context, {}) if hint and answer.body.strip() == f'<a href="{place}">Found</a>.'.encode() else None


def _identity(context: Context, told: dict[str, object]) -> Identity:
    found = _VERSION.match(text_of(told, "version"))
    version = found[1] if found else ""
    revision = text_of(told, "revision") or (found[2] if found else "")
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none" if told else "unknown"}
    if text := text_of(told, "goVersion"):
        facts["made_with"] = text
    advice = " Whoever reaches it may read all figures of the machines it watches." if told else ""
    system = system_from_revision(revision)
    return Identity(
        service=NAME,
        product="Prometheus",
        version=version,
        revision=revision if system else "",
        vendor="Prometheus project",
        system=system,
        cpe=cpe_name("prometheus", "prometheus", version),
        certainty=Certainty.MEASURED if told else Certainty.INFERRED,
        why="it tells its build as Prometheus does" if told else "its start page leads to Prometheus's graphs",
        sentence=introduce("a monitor's memory of figures", "Prometheus", version, system) + advice,
        facts=facts,
    )
