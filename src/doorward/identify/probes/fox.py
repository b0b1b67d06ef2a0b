"""Niagara Fox: says hello to a building's controller and reads its answer; logs in nowhere. Only when asked for."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
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
    "next_words",
    "read",
]

NAME: Final = "fox"
TITLE: Final = "Fox: a building's controller (Tridium Niagara)"
SOURCE: Final = "Niagara AX and 4 documentation; the hello that every station sends"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    1911,
    4911,
    3011,
)  # IANA: 1911 (mtp); makers' manuals: with TLS 4911, platform 3011
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 8192

_HELLO: Final = b"fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n"
_FIELD = re.compile(r"^([\w.]{1,40})=[a-z]:([^\n]{0,200})$", re.MULTILINE)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Hello of version 1.0."""
    return _HELLO


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Two semicolons end the hello."""
    return Step.DONE if b"};;" in received or received[:4] != b"fox "[: len(received)] else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read ``name=kind:value`` lines."""
    if not received.startswith(b"fox a ") or b" fox hello\n{" not in received[:60]:
        return None
    told = {name: printable(value.strip()) for name, value in _FIELD.findall(received[:MAX_BYTES].decode("utf-8", "replace"))}
    version = told.get("app.version", "")
    if "fox.version" not in told or (received.startswith(_HELLO[:7]) and "app.name" not in told):
        return None
    facts: dict[str, Fact] = {
        "authentication": "required",
        "encrypted": context.tunnel is not None,
        "protocol_version": told["fox.version"],
    }
    for key, fact in (
        ("stationName", "station"),
        ("brandId", "brand"),
        ("hostId", "host_id"),
        ("vm.version", "java"),
        ("os.version", "system_version"),
    ):
        if told.get(key):
            facts[fact] = told[key]
    product = f"Niagara {told['app.name']}" if told.get("app.name") else "Niagara"
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor="Tridium",
        system=told.get("os.name", ""),
        host_name=told.get("hostName", ""),
        cpe=cpe_name("tridium", "niagara", version),
        why="it answers the hello of Fox",
        sentence=introduce("a building's controller", product, version, told.get("os.name", ""))
        + " It tells strangers its make and version.",
        facts=facts,
    )
