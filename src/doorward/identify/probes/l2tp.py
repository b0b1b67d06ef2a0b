"""L2TP: asks for a tunnel's beginning, reads who answers, and takes the wish back."""

from __future__ import annotations

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

NAME: Final = "l2tp"
TITLE: Final = "L2TP: an entrance to a private network"
SOURCE: Final = "RFC 2661"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (1701,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 2048

_CONTROL: Final = 0xC802  # RFC 2661 §3.1: control, with length and sequence numbers, version 2
_MESSAGE_TYPE, _VERSION, _FRAMING, _FIRMWARE, _HOST, _VENDOR, _TUNNEL = 0, 2, 3, 6, 7, 8, 9  # §4.4
_REPLY, _STOP = 2, 4  # §3.2
_OUR_TUNNEL: Final = 0x1D0D
_MOST_AVPS: Final = 30


def _avp(kind: int, value: bytes) -> bytes:
    """Attribute (RFC 2661 §4.1): mandatory and length (2), vendor (2), kind (2), value."""
    return (0x8000 | 6 + len(value)).to_bytes(2) + bytes(2) + kind.to_bytes(2) + value


def _message(tunnel: int, sent: int, heard: int, avps: bytes) -> bytes:
    numbers = (_CONTROL, 12 + len(avps), tunnel, 0, sent, heard)
    return b"".join(number.to_bytes(2) for number in numbers) + avps


_REQUEST: Final = b"".join(
    (
        _avp(_MESSAGE_TYPE, b"\x00\x01"),
        _avp(_VERSION, b"\x01\x00"),
        _avp(_HOST, b"doorward"),
        _avp(_FRAMING, b"\x00\x00\x00\x03"),
        _avp(_TUNNEL, _OUR_TUNNEL.to_bytes(2)),
        _avp(10, b"\x00\x04"),  # receive window
    )
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Start-Control-Connection-Request (RFC 2661 §6.1)."""
    return _message(0, 0, 0, _REQUEST)


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Take the wish for a tunnel back, so that no half-open one is left behind."""
    avps = _decode(received)
    if avps.get(_MESSAGE_TYPE) != b"\x00\x02" or len(context.turns) > 1:
        return Step.DONE
    result = _avp(_MESSAGE_TYPE, b"\x00\x04") + _avp(_TUNNEL, _OUR_TUNNEL.to_bytes(2)) + _avp(1, b"\x00\x01")
    return _message(int.from_bytes(avps.get(_TUNNEL, b"")[:2]), 1, 1, result)


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the reply: control header (12), then attributes; a refusal counts too."""
    avps = _decode(received)
    kind = int.from_bytes(avps.get(_MESSAGE_TYPE, b""))
    if kind not in (_REPLY, _STOP) or int.from_bytes(received[4:6]) != _OUR_TUNNEL:
        return None
    vendor, host = (printable(avps.get(name, b"").decode("utf-8", "replace"), 100) for name in (_VENDOR, _HOST))
    is_xl2tpd = vendor == "xelerance.com"
    firmware = avps.get(_FIRMWARE, b"").hex()
    facts: dict[str, Fact] = {"encrypted": False, "authentication": "unknown", "accepts_tunnels": kind == _REPLY}
    if firmware:
        facts["firmware"] = firmware
    product = "xl2tpd" if is_xl2tpd else "Windows RRAS" if vendor == "Microsoft" else ""
    return Identity(
        service=NAME,
        product=product,
        vendor="Xelerance" if is_xl2tpd else vendor,
        host_name=host,
        cpe=cpe_name("xelerance", "xl2tpd") if is_xl2tpd else "",
        why="it answers our tunnel's number in L2TP",
        sentence=introduce("an entrance to a private network (L2TP)", product) + " It takes callers who come without IPsec around it.",
        facts=facts,
    )


def _decode(received: bytes) -> dict[int, bytes]:
    """The attributes of the first message; empty where it is no control message of version 2."""
    size = int.from_bytes(received[2:4])
    if int.from_bytes(received[:2]) & 0xC80F != _CONTROL or not 12 <= size <= len(received):
        return {}
    avps: dict[int, bytes] = {}
    place = 12
    for _ in range(_MOST_AVPS):
        length = int.from_bytes(received[place : place + 2]) & 0x3FF
        if place + 6 > size or not 6 <= length <= size - place:
            break
        if received[place + 2 : place + 4] == bytes(2):  # vendor 0: the standard's own
            avps.setdefault(int.from_bytes(received[place + 4 : place + 6]), received[place + 6 : place + length])
        place += length
    return avps
