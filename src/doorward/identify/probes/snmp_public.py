"""SNMP with the community "public": asks for the device's own description; said only when asked for, because it tries a password."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._ber import decode_elements, decode_integer, decode_oid, encode, encode_integer, first_element
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
from doorward.identify.systems import system_from_revision
from doorward.values.evidence import Fact
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SHOWN_AS",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "snmp_public"
TITLE: Final = "SNMP with the word that everybody knows"
SOURCE: Final = "RFC 3416, RFC 1157, RFC 3418 (sysDescr)"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (161,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED  # a community is a password, if a poor one
MAX_BYTES: Final = ANSWER_BYTES
SHOWN_AS: Final = "snmp"

_NUMBER: Final = 0x446F6F72
_VALUES: Final = {"1.3.6.1.2.1.1.1.0": "description", "1.3.6.1.2.1.1.2.0": "object_id", "1.3.6.1.2.1.1.5.0": "system_name"}
_OIDS: Final = (b"\x2b\x06\x01\x02\x01\x01\x01\x00", b"\x2b\x06\x01\x02\x01\x01\x02\x00", b"\x2b\x06\x01\x02\x01\x01\x05\x00")
_RESPONSE: Final = 0xA2


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Version 2c, "public", GET of description, object and name (RFC 3416 §3)."""
    wanted = encode(0x30, *(encode(0x30, encode(0x06, oid), encode(0x05)) for oid in _OIDS))
    question = encode(0xA0, encode_integer(_NUMBER), encode_integer(0), encode_integer(0), wanted)
    return encode(0x30, encode_integer(1), encode(0x04, b"public"), question)


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the response's values, in version 1 or 2c."""
    if received[:1] != b"0":
        return None
    parts = decode_elements(first_element(received)[1])
    if len(parts) != 3 or parts[0] not in ((0x02, b"\0"), (0x02, b"\x01")) or parts[2][0] != _RESPONSE:
        return None
    fields = decode_elements(parts[2][1])
    if len(fields) != 4 or decode_integer(fields[0][1]) != _NUMBER:
        return None
    told = {}
    for _, pair in decode_elements(fields[3][1])[:10]:
        pieces = decode_elements(pair)
        if len(pieces) == 2 and (name := _VALUES.get(decode_oid(pieces[0][1]))):
            told[name] = decode_oid(pieces[1][1]) if pieces[1][0] == 0x06 else printable(pieces[1][1].decode("utf-8", "replace"), 300)
    facts: dict[str, Fact] = {"encrypted": False, "authentication": "none", "community": "public", **told}
    system = system_from_revision(told.get("description", ""))
    return Identity(
        service=NAME,
        system=system,
        host_name=told.get("system_name", ""),
        why="it answers a question asked with the community “public”",
        sentence=introduce("a door through which a device is watched and steered (SNMP)", "", "", system)
        + f" It tells everyone who says “public”: {told.get('description', 'nothing')}",
        facts=facts,
    )
