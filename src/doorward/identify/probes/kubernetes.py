"""Kubernetes' programming interface and its nodes' helper: asks for the version; reads no object."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._web_answers import parse_web_answer, text_of, wait_for_answer, web_request
from doorward.identify.probing import Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
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

NAME: Final = "kubernetes"
TITLE: Final = "Kubernetes: commands to a cluster of containers"
SOURCE: Final = "Kubernetes API: GET /version, Status object"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    6443,
    10250,
    16443,
    8001,
    10255,
)  # Kubernetes' manual: 6443, node 10250 and 10255; MicroK8s; kubectl proxy
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 16384
STANDS_ON: Final = "http"

_VERSION = re.compile(r"v?(\d{1,3}\.\d{1,3}\.\d{1,3})([\w.+-]{0,60})")
_FLAVOURS: Final = (("+k3s", "K3s"), ("+rke2", "RKE2"), ("-eks-", "Amazon EKS"), ("-gke.", "Google GKE"))


def first_words(host: str) -> bytes:
    """Ask for the version."""
    return web_request(host, "/version")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version or the Status object that refuses it."""
    answer = parse_web_answer(received)
    if answer is None:
        return None
    told = answer.json()
    if "gitVersion" in told and "major" in told:
        return _identity(context, told, "it tells its version as Kubernetes does")
    if told.get("kind") == "Status" and told.get("apiVersion") == "v1" and isinstance(told.get("metadata"), dict):
        refusal = "required" if answer.status in (401, 403) else "unknown"
        return _identity(context, {}, "it refuses with a Status object of Kubernetes", authentication=refusal)
    if "x-kubernetes-pf-flowschema-uid" in answer.fields:
        return _identity(context, {}, "its head has Kubernetes' own fields", authentication="unknown")
    is_node = answer.status in (401, 403) and answer.body.strip() == b"Unauthorized" and context.port == 10250
    return _identity(context, {}, "it refuses as a node's helper does", authentication="required", inferred=True) if is_node else None


def _identity(context: Context, told: dict[str, object], why: str, *, authentication: str = "unknown", inferred: bool = False) -> Identity:
    found = _VERSION.match(text_of(told, "gitVersion"))
    version, rest = (found[1], found[2]) if found else ("", "")
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": authentication}
    for key, fact in (("platform", "platform"), ("buildDate", "build_date")):
        if text := text_of(told, key):
            facts[fact] = text
    if flavour := next((name for mark, name in _FLAVOURS if mark in rest), ""):
        facts["distribution"] = flavour
    advice = {"required": " It wants a login."}.get(authentication, " It tells its version to everybody; what else it allows is not asked.")
    return Identity(
        service=NAME,
        product="Kubernetes",
        version=version,
        revision=rest,
        vendor="Kubernetes project",
        system="Linux" if text_of(told, "platform").startswith("linux") else "",
        cpe=cpe_name("kubernetes", "kubernetes", version),
        certainty=Certainty.INFERRED if inferred else Certainty.MEASURED,
        why=why,
        sentence=introduce("a door for commands to a cluster of containers", "Kubernetes", version) + advice,
        facts=facts,
    )
