"""Kerberos: asks for a ticket in nobody's name, and reads the refusal; no password is part of the question."""

from __future__ import annotations

from typing import Final

from doorward.errors import PeerError
from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._ber import decode_elements, decode_integer, encode, encode_integer, first_element
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
    "first_datagram",
    "first_words",
    "read",
]

NAME: Final = "kerberos"
TITLE: Final = "Kerberos: tickets that prove who one is"
SOURCE: Final = "RFC 4120"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (88,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS  # the far end may write it down
MAX_BYTES: Final = ANSWER_BYTES

_ERROR: Final = 0x7E  # APPLICATION 30, KRB-ERROR, §5.9.1
# §7.5.9
_CODES: Final = {
    6: "no such client",
    7: "no such server",
    14: "no such encryption",
    24: "preauthentication failed",
    25: "preauthentication required",
    52: "answer too long for UDP",
    60: "general error",
    61: "length too long",
    68: "another realm",
}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """In TCP the length stands before the question (§7.2.2)."""
    return len(_QUESTION).to_bytes(4) + _QUESTION


def first_datagram(host: str) -> bytes:  # noqa: ARG001
    """The bare question."""
    return _QUESTION


def _text(text: bytes) -> bytes:
    return encode(0x1B, text)


def _field(number: int, *parts: bytes) -> bytes:
    return encode(0xA0 + number, *parts)


# Options, realm, server, until, nonce, encryptions (§5.4.1).
_BODY: Final = encode(
    0x30,
    _field(0, encode(0x03, bytes(5))),
    _field(2, _text(b"-")),
    _field(3, encode(0x30, _field(0, encode_integer(2)), _field(1, encode(0x30, _text(b"krbtgt"), _text(b"-"))))),
    _field(5, encode(0x18, b"19700101000000Z")),
    _field(7, encode_integer(1)),
    _field(8, encode(0x30, encode_integer(18))),
)
_QUESTION: Final = encode(0x6A, encode(0x30, _field(1, encode_integer(5)), _field(2, encode_integer(10)), _field(4, _BODY)))


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read KRB-ERROR: version 5, kind 30, time, code, realm."""
    data = received[4:] if len(received) > 4 and int.from_bytes(received[:4]) == len(received) - 4 else received
    if data[:1] != bytes((_ERROR,)):
        return None
    fields = _fields(data)
    if decode_integer(fields.get(0, b"")) != 5 or decode_integer(fields.get(1, b"")) != 30:
        return None
    code = decode_integer(fields.get(6, b""))
    realm, text = (printable(fields.get(number, b"").decode("utf-8", "replace"), 200) for number in (9, 11))
    facts: dict[str, Fact] = {"encrypted": False, "authentication": "required", "error_code": code}
    time = printable(fields.get(4, b"").decode("ascii", "replace"), 20)
    told = (("realm", realm), ("error_text", text), ("time", time), ("error", _CODES.get(code, "")))
    facts |= {name: value for name, value in told if value and value != "-"}
    # Texts of its own in e-text, where others leave it out (krb5/src/kdc/do_as_req.c).
    product = "MIT Kerberos" if text in ("CLIENT_NOT_FOUND", "SERVER_NOT_FOUND", "WRONG_REALM", "LOOKING_UP_CLIENT", "NULL_CLIENT") else ""
    about = f" It does so for {realm}." if facts.get("realm") else ""
    return Identity(
        service=NAME,
        product=product,
        vendor="MIT" if product else "",
        cpe=cpe_name("mit", "kerberos_5") if product else "",
        why="it refuses us with Kerberos's own error record",
        sentence=introduce("a server that vouches for people and programs (Kerberos)", product) + about,
        facts=facts,
    )


def _fields(data: bytes) -> dict[int, bytes]:
    """The fields of KRB-ERROR by number, without their own tags."""
    sequence = first_element(first_element(data)[1])[1]
    found: dict[int, bytes] = {}
    for tag, inside in decode_elements(sequence):
        if tag & 0xE0 != 0xA0:
            raise PeerError("read a Kerberos error", why="a field has no number")
        found[tag & 0x1F] = first_element(inside)[1]
    return found
