"""SOCKS 5: asks which proofs of identity a proxy wants; asks for no connection."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
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

NAME: Final = "socks5"
TITLE: Final = "SOCKS 5: connections made for others"
SOURCE: Final = "RFC 1928"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    1080,
    1081,
    1085,
    9050,
    9150,
    10808,
    7890,
)  # IANA: 1080; Tor's 9050 and 9150; habits of 1081, 1085, 10808, 7890
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 1024

STANDS_ON: Final = "http"  # Tor answers a web request in words that only it says

_METHODS: Final = b"\x05\x02\x00\x02"
_NAMES: Final = {0: "none", 1: "GSSAPI", 2: "name and password"}  # RFC 1928 §3
_NONE_FITS: Final = 0xFF
# Tor answers a web request in words of its own (tor, src/core/proto/proto_http.c).
_TOR = re.compile(rb"HTTP/1\.[01] 501 Tor is not an HTTP Proxy\r\n")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Offer no proof, and name and password (RFC 1928 §3)."""
    return _METHODS


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Two bytes are all."""
    return Step.DONE if len(received) >= 2 or received[:1] not in (b"", b"\x05") else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the choice: version 5, method. Two bytes prove little, so they count fully only as an answer to our own offer."""
    if _TOR.match(received):
        return _identity(context, "Tor", "it says itself that Tor listens for SOCKS here", {"authentication": "unknown"})
    if len(received) != 2 or received[0] != 5 or received[1] not in (*_NAMES, _NONE_FITS):
        return None
    own = context.spoke == NAME and any(turn.sent == _METHODS and turn.received == received for turn in context.turns)
    if not own and received[1] != _NONE_FITS:
        return None
    facts: dict[str, Fact] = {"authentication": {0: "none", _NONE_FITS: "unknown"}.get(received[1], "required")}
    if received[1] in _NAMES:
        facts["methods"] = [_NAMES[received[1]]]
    return _identity(context, "", "it chose a method of SOCKS 5", facts, Certainty.MEASURED if own else Certainty.INFERRED)


def _identity(context: Context, product: str, why: str, facts: dict[str, Fact], certainty: Certainty = Certainty.MEASURED) -> Identity:
    facts |= {"encrypted": context.tunnel is not None, "role": "proxy", "protocol_version": "5"}
    advice = {
        "none": " It makes connections for anybody who reaches it: strangers can hide behind it and reach what it reaches.",
        "required": " It wants a name and a password.",
    }.get(str(facts["authentication"]), "")
    return Identity(
        service=NAME,
        product=product,
        vendor="Tor Project" if product else "",
        cpe=cpe_name("torproject", "tor") if product else "",
        certainty=certainty,
        why=why,
        sentence=introduce("a proxy that makes connections for others (SOCKS 5)", product) + advice,
        facts=facts,
    )
