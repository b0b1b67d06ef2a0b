"""ZooKeeper's four-letter words: asks how the server is; opens no session and reads no node."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
from doorward.values.evidence import Fact
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "zookeeper"
TITLE: Final = "ZooKeeper: agreement among many servers"
SOURCE: Final = "ZooKeeper Administrator's Guide, The Four Letter Words"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    2181,
    2182,
    2281,
)  # the guide: 2181; second server and TLS by habit
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_SERVER: Final = b"srvr"
_VERSION = re.compile(rb"Zookeeper version: (\d[\w.]{0,20})(?:-([^\s,]{0,60}))?[,\s]")
_FORBIDDEN = re.compile(rb"srvr is not executed because it is not (?:currently serving requests|in the whitelist)\.")
_NOT_SERVING: Final = b"This ZooKeeper instance is not currently serving requests"
_FIELD = re.compile(rb"(?m)^(Mode|Connections|Node count|Zxid): ([^\r\n]{1,60})$")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the server's version and role; four letters, no line's end."""
    return _SERVER


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version, or the refusal that names the word."""
    text = received[:MAX_BYTES]
    told = _VERSION.match(text)
    if told is None and not _FORBIDDEN.match(text) and not text.startswith(_NOT_SERVING):
        return None
    version = told[1].decode() if told else ""
    revision = printable((told[2] or b"").decode("ascii", "replace")) if told else ""
    revision = "" if "$" in revision else revision  # a build whose revision was not filled in
    facts: dict[str, Fact] = {"banner": banner_fact(text), "encrypted": context.tunnel is not None, "authentication": "unknown"}
    facts |= {
        found[1].decode().lower().replace(" ", "_"): printable(found[2].decode("ascii", "replace")) for found in _FIELD.finditer(text)
    }
    return Identity(
        service=NAME,
        product="Apache ZooKeeper",
        version=version,
        revision=revision,
        vendor="Apache Software Foundation",
        cpe=cpe_name("apache", "zookeeper", version),
        why="it tells its version as ZooKeeper does" if told else "it refuses the word “srvr” in ZooKeeper's own sentence",
        sentence=introduce("a server by which many servers agree on who does what", "Apache ZooKeeper", version) + _role(facts),
        facts=facts,
    )


def _role(facts: dict[str, Fact]) -> str:
    return {
        "leader": " It leads its group of servers.",
        "follower": " It follows another server of its group.",
        "standalone": " It stands alone, without a group.",
    }.get(str(facts.get("mode")), "")
