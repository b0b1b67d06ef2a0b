"""etcd: asks for its version; reads no key."""

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

NAME: Final = "etcd"
TITLE: Final = "etcd: the memory of a cluster"
SOURCE: Final = "etcd documentation: /version; etcd/server/embed (CORS fields)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    2379,
    2380,
    4001,
)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES
STANDS_ON: Final = "http"
SHOWN_AS: Final = "http"

_METHODS: Final = "POST, GET, OPTIONS, PUT, DELETE"


def first_words(host: str) -> bytes:
    """Ask for the version."""
    return web_request(host, "/version")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait until the answer is whole."""
    return wait_for_answer(received, context)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the versions of server and cluster; three fields in the head of any answer are a hint."""
    answer = parse_web_answer(received[:MAX_BYTES])
    if answer is None:
        return None
    told = answer.json()
    version = text_of(told, "etcdserver", 40)
    hint = answer.fields.get("access-control-allow-methods") == _METHODS and answer.status == 404
    if not version and not (hint and answer.fields.get("access-control-allow-headers") == "accept, content-type, authorization"):
        return None
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "unknown"}
    if cluster := text_of(told, "etcdcluster", 40):
        facts["cluster_version"] = cluster
    return Identity(
        service=NAME,
        product="etcd",
        version=version,
        vendor="etcd project",
        cpe=cpe_name("etcd", "etcd", version),
        certainty=Certainty.MEASURED if version else Certainty.INFERRED,
        why="it tells the versions of server and cluster" if version else "its answer's head has etcd's fields",
        sentence=introduce("the memory of a cluster, in which its state and secrets stand", "etcd", version),
        facts=facts,
    )
