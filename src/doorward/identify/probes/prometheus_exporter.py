"""A Prometheus exporter: asks for a machine's figures, and reads of them only which program tells them."""

from __future__ import annotations

import re
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

NAME: Final = "prometheus_exporter"
TITLE: Final = "Prometheus exporter: a machine's figures for a monitor"
SOURCE: Final = "OpenMetrics 1.0; Prometheus: Exposition formats"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    9100,
    9104,
    9113,
    9115,
    9116,
    9117,
    9121,
    9187,
    9256,
    9308,
    9419,
    9093,
)  # Prometheus project: Default port allocations
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 65536
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"

_BUILD = re.compile(rb'^(\w{1,60})_build_info\{[^}\n]{0,400}?\bversion="v?(\d[^"\n]{0,40})"', re.MULTILINE)
_FORMAT = re.compile(rb"# (?:HELP|TYPE) [A-Za-z_:][\w:]{0,100} ")
_START = re.compile(rb"<title>([\w .-]{1,40} Exporter)</title>", re.IGNORECASE)
_VERSION = re.compile(r"(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)(\S{0,60})")
_NAMES: Final = {"node_exporter": "Node Exporter", "blackbox_exporter": "Blackbox Exporter", "mysqld_exporter": "MySQL Server Exporter"}
_RUNTIMES: Final = (b"go", b"promhttp", b"python", b"jvm", b"process")


def first_words(host: str) -> bytes:
    """Ask for the figures."""
    return web_request(host, "/metrics")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the program's name is here, or all is."""
    return Step.DONE if _build(received) else wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the program's own line among the figures; a start page that calls itself an exporter is a hint."""
    answer = parse_web_answer(received)
    if answer is None:
        return None
    if not _FORMAT.match(answer.body):
        title = _START.search(answer.body[:2000])
        return _identity(context, title[1].decode(), "", is_told=False) if title and b'href="/metrics"' in answer.body[:4000] else None
    build = _build(answer.body)
    if build is None:
        return _identity(context, "", "", is_told=True)
    name = build[1].decode("ascii", "replace")
    return _identity(context, _NAMES.get(name, name.replace("_", " ")), build[2].decode("ascii", "replace"), is_told=True)


def _build(body: bytes) -> re.Match[bytes] | None:
    return next((found for found in _BUILD.finditer(body) if found[1] not in _RUNTIMES), None)


def _identity(context: Context, product: str, text: str, *, is_told: bool) -> Identity:
    found = _VERSION.match(text)
    version = found[1] if found else ""
    return Identity(
        service=NAME,
        product=product,
        version=version,
        revision=found[2] if found else "",
        vendor="Prometheus project" if product in _NAMES.values() else "",
        cpe=cpe_name("prometheus", product.lower().replace(" ", "_"), version) if product in _NAMES.values() else "",
        certainty=Certainty.MEASURED if is_told else Certainty.INFERRED,
        why="it tells figures in Prometheus's format" if is_told else "its start page calls itself an exporter",
        sentence=introduce("a door that tells a machine's figures to a monitor", product, version)
        + (" Whoever reaches it may read them: it asks for no password." if is_told else ""),
        facts={"encrypted": context.tunnel is not None, "authentication": "none" if is_told else "unknown"},
    )
