"""Bitcoin's network: greets a node and reads its greeting; asks for no block."""

from __future__ import annotations

import hashlib
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

NAME: Final = "bitcoin"
TITLE: Final = "Bitcoin: a node of the payment network"
SOURCE: Final = "Bitcoin developer reference: Message headers, Version; BIP 60"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    8333,
    18333,
    38333,
)  # chainparams: main network, test networks
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 4096

_NETWORKS: Final = {
    b"\xf9\xbe\xb4\xd9": "main",
    b"\x0b\x11\x09\x07": "test",
    b"\x0a\x03\xcf\x40": "signet",
    b"\xfa\xbf\xb5\xda": "regression",
}
_MAIN: Final = b"\xf9\xbe\xb4\xd9"
_VERSION: Final = b"version".ljust(12, b"\x00")
_HEADER: Final = 24
_PRODUCTS: Final = {
    "Satoshi": ("Bitcoin Core", "Bitcoin Core project", "bitcoin", "bitcoin_core"),
    "btcd": ("btcd", "btcd project", "btcd_project", "btcd"),
}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Version 70016, no services, time zero, empty addresses, a fixed number, our name, height 0, no transactions."""
    agent = b"/Doorward/"
    body = (70016).to_bytes(4, "little") + bytes(16) + bytes(52) + b"doorward" + bytes([len(agent)]) + agent + bytes(5)
    return _MAIN + _VERSION + len(body).to_bytes(4, "little") + _sum(body) + body


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Its greeting is all."""
    if len(received) < _HEADER:
        return Step.WAIT
    return Step.DONE if len(received) >= _HEADER + min(int.from_bytes(received[16:20], "little"), MAX_BYTES) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the greeting: network (4), command (12), length (4), sum (4); version (4), …, its name at byte 80."""
    network = _NETWORKS.get(received[:4], "")
    size = int.from_bytes(received[16:20], "little")
    body = received[_HEADER : _HEADER + size]
    if not network or received[4:16] != _VERSION or not 85 <= size <= 1000 or len(body) < size or _sum(body) != received[20:24]:
        return None
    agent = printable(body[81 : 81 + body[80]].decode("utf-8", "replace"), 200)
    found = re.match(r"/([A-Za-z][\w .-]{0,40}):(\d[\w.]{0,20})", agent)
    name, version = (found[1], found[2]) if found else ("", "")
    product, vendor, cpe_vendor, cpe_product = _PRODUCTS.get(name, (name, "", "", ""))
    height = body[81 + body[80] : 85 + body[80]]
    facts: dict[str, Fact] = {
        "banner": agent,
        "network": network,
        "protocol_version": str(int.from_bytes(body[:4], "little")),
        "authentication": "none",
        "encrypted": False,
    }
    if len(height) == 4:
        facts["height"] = int.from_bytes(height, "little")
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor=vendor,
        cpe=cpe_name(cpe_vendor, cpe_product, version) if cpe_vendor else "",
        why="it greets in a message of Bitcoin with the right sum",
        sentence=introduce("a node of the Bitcoin network", product, version),
        facts=facts,
    )


def _sum(body: bytes) -> bytes:
    """The first four bytes of SHA-256 twice."""
    return hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
