"""Zabbix: asks an agent for its own version, as a passive check does; asks for nothing of the machine."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import Context, Safety, Step
from doorward.values.evidence import Fact
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

NAME: Final = "zabbix"
TITLE: Final = "Zabbix: figures about a machine for a monitor"
SOURCE: Final = "Zabbix documentation: Header, Passive agent checks"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    10050,
    10051,
)  # IANA: agent and server
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 2048

_MAGIC: Final = b"ZBXD"
_KEY: Final = b"agent.version"
_ASK: Final = _MAGIC + b"\x01" + len(_KEY).to_bytes(8, "little") + _KEY
_HEADER: Final = 13  # magic (4), flags (1), length (4, little-endian), reserved or the length before compression (4)
_COMPRESSED, _LARGE = 0x02, 0x04
_VERSION = re.compile(rb"\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?:rc\d{1,2}|beta\d{1,2}|alpha\d{1,2})?")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A passive check of the agent's version, its length before it."""
    return _ASK


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait until the answer is as long as it says."""
    if not received.startswith(_MAGIC[: len(received)]):
        return Step.DONE
    return Step.DONE if len(received) >= _HEADER + min(_size(received), MAX_BYTES) > _HEADER else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the header and the version behind it; what is compressed or an error leaves the version open."""
    if len(received) < _HEADER or not received.startswith(_MAGIC) or not received[4] & 1 or received[4] > 7:
        return None
    body = received[_HEADER : _HEADER + _size(received)]
    told = _VERSION.fullmatch(body) if not received[4] & (_COMPRESSED | _LARGE) and len(body) == _size(received) else None
    version = told[0].decode() if told else ""
    facts: dict[str, Fact] = {
        "banner": banner_fact(body),
        "encrypted": context.tunnel is not None,
        "authentication": "none" if told else "unknown",
    }
    product = "Zabbix agent" if told else "Zabbix"
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor="Zabbix",
        cpe=cpe_name("zabbix", "zabbix", version),
        why="its answer begins with ZBXD",
        sentence=introduce("a monitor's helper that tells a machine's figures", product, version)
        + (" It answers this machine without a password." if told else ""),
        facts=facts,
    )


def _size(received: bytes) -> int:
    return int.from_bytes(received[5:9], "little")
