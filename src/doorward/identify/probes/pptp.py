"""PPTP: asks for a control connection and reads who answers; no tunnel is made."""

from __future__ import annotations

from typing import Final

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

NAME: Final = "pptp"
TITLE: Final = "PPTP: an old entrance to a private network"
SOURCE: Final = "RFC 2637 §2.1"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (1723,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_COOKIE: Final = b"\x1a\x2b\x3c\x4d"
_SIZE: Final = 156
# Length, message 1, cookie, request 1, reserved, version 1.0, reserved, framing, bearer, channels, firmware, host's name, vendor.
_REQUEST: Final = (
    _SIZE.to_bytes(2)
    + b"\x00\x01"
    + _COOKIE
    + b"\x00\x01\x00\x00\x01\x00\x00\x00"
    + b"\x00\x00\x00\x01" * 2
    + bytes(4)
    + bytes(64)
    + bytes(64)
)
_KNOWN: Final = (
    ("linux", "PoPToP", "PoPToP project", "Linux"),
    ("MikroTik", "RouterOS", "MikroTik", "MikroTik RouterOS"),
    ("Microsoft", "Windows RRAS", "Microsoft", "Windows"),
    ("Cisco Systems", "", "Cisco", "Cisco IOS"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Start-Control-Connection-Request (RFC 2637 §2.1)."""
    return _REQUEST


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """One message is all."""
    return Step.DONE if len(received) >= _SIZE or received[4:8] != _COOKIE[: len(received[4:8])] else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the reply: its result, then firmware at byte 26, the host's name at 28 and the vendor's at 92."""
    if len(received) < _SIZE or received[:10] != _SIZE.to_bytes(2) + b"\x00\x01" + _COOKIE + b"\x00\x02":
        return None
    host, vendor = (printable(field.partition(b"\x00")[0].decode("utf-8", "replace"), 64) for field in (received[28:92], received[92:156]))
    product, maker, system = next((row[1:] for row in _KNOWN if vendor.startswith(row[0])), ("", vendor, ""))
    facts: dict[str, Fact] = {
        "banner": vendor,
        "firmware": int.from_bytes(received[26:28]),
        "accepts_callers": received[14] == 1,
        "authentication": "unknown",
        "encrypted": False,
    }
    broken = " Its encryption can be broken by anybody who listens: replace it with WireGuard, OpenVPN or IPsec."
    return Identity(
        service=NAME,
        product=product,
        vendor=maker,
        system=system,
        host_name="" if host == "local" else host,
        why="it answers with the magic number of PPTP",
        sentence=introduce("an entrance to a private network (PPTP)", product, "", system) + broken,
        facts=facts,
    )
