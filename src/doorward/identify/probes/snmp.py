"""SNMP: asks who the agent is as version 3 wants it asked, without any name or community; reads and sets no value."""

from __future__ import annotations

from typing import Final

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
    "decode_engine",
    "first_words",
    "read",
]

NAME: Final = "snmp"
TITLE: Final = "SNMP: watching and steering of network devices"
SOURCE: Final = "RFC 3412, RFC 3414 §4, RFC 3411 (engine identifiers)"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (
    161,
    1161,
)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_NUMBER: Final = 0x446F6F72
_REPORT: Final = 0xA8
# IANA's enterprise numbers of makers that are met most: number → product or kind, its makers.
_MAKERS: Final = {
    8072: ("Net-SNMP", "Net-SNMP project"),
    2021: ("Net-SNMP", "Net-SNMP project"),
    9: ("", "Cisco"),
    11: ("", "Hewlett-Packard"),
    43: ("", "3Com"),
    171: ("", "D-Link"),
    207: ("", "Allied Telesis"),
    253: ("", "Xerox"),
    311: ("Windows SNMP", "Microsoft"),
    318: ("", "APC"),
    343: ("", "Intel"),
    367: ("", "Ricoh"),
    641: ("", "Lexmark"),
    674: ("", "Dell"),
    890: ("", "Zyxel"),
    1588: ("", "Brocade"),
    1602: ("", "Canon"),
    1916: ("", "Extreme Networks"),
    1991: ("", "Foundry Networks"),
    2011: ("", "Huawei"),
    2435: ("", "Brother"),
    2636: ("", "Juniper Networks"),
    3224: ("", "Juniper (NetScreen)"),
    3375: ("", "F5"),
    4413: ("", "Broadcom"),
    4526: ("", "Netgear"),
    6486: ("", "Alcatel-Lucent"),
    6527: ("", "Nokia"),
    6574: ("", "Synology"),
    8741: ("", "SonicWall"),
    10002: ("", "Ubiquiti"),
    10704: ("", "Barracuda"),
    11863: ("", "TP-Link"),
    12325: ("bsnmpd", "FreeBSD"),
    12356: ("", "Fortinet"),
    14179: ("", "Cisco (Airespace)"),
    14823: ("", "Aruba"),
    14988: ("RouterOS", "MikroTik"),
    24681: ("", "QNAP"),
    25053: ("", "Ruckus"),
    25461: ("", "Palo Alto Networks"),
    25506: ("", "H3C"),
    30065: ("", "Arista"),
    30155: ("snmpd", "OpenBSD project"),
    41112: ("", "Ubiquiti"),
}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Version 3, a number of ours, no security, "report back", an engine without name, an empty question (RFC 3414 §4)."""
    header = encode(0x30, encode_integer(_NUMBER), encode_integer(65507), encode(0x04, b"\x04"), encode_integer(3))
    nobody = encode(0x30, encode(0x04), encode_integer(0), encode_integer(0), encode(0x04), encode(0x04), encode(0x04))
    question = encode(0xA0, encode_integer(_NUMBER), encode_integer(0), encode_integer(0), encode(0x30))
    return encode(0x30, encode_integer(3), header, encode(0x04, nobody), encode(0x30, encode(0x04), encode(0x04), question))


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the report: it repeats our number, and names the engine."""
    if received[:1] != b"0":
        return None
    parts = decode_elements(first_element(received)[1])
    if len(parts) != 4 or parts[0] != (0x02, b"\x03") or parts[1][0] != 0x30 or parts[2][0] != 0x04:
        return None
    header = decode_elements(parts[1][1])
    security = decode_elements(first_element(parts[2][1])[1])
    if len(header) != 4 or decode_integer(header[0][1]) != _NUMBER or len(security) != 6:
        return None
    boots, up_s = decode_integer(security[1][1]), decode_integer(security[2][1])
    engine = decode_engine(security[0][1])
    product, vendor = _MAKERS.get(int(str(engine.get("enterprise", 0))), ("", ""))
    facts: dict[str, Fact] = {"encrypted": False, "authentication": "required", "protocol_version": "3", "engine_boots": boots}
    facts |= {"engine_up_s": up_s, **engine}
    sentence = introduce("a door through which a device is watched and steered (SNMP)", product or (f"made by {vendor}" if vendor else ""))
    if up_s > 0:
        sentence += f" It has been up for {_lasting(up_s)}."
    return Identity(
        service=NAME,
        product=product,
        vendor=vendor,
        cpe=cpe_name("net-snmp", "net-snmp") if product == "Net-SNMP" else "",
        why="it reports its engine's name, with our number",
        sentence=sentence,
        facts=facts,
    )


def decode_engine(engine: bytes) -> dict[str, Fact]:
    """Read an engine's identifier (RFC 3411, SnmpEngineID): enterprise number, then a network card's number, an address or a text."""
    facts: dict[str, Fact] = {"engine_id": engine[:32].hex()}
    if len(engine) < 5:
        return facts
    facts["enterprise"] = int.from_bytes(engine[:4]) & 0x7FFF_FFFF
    kind, rest = engine[4], engine[5:]
    if engine[0] & 0x80 == 0:
        return facts
    if kind == 3 and len(rest) == 6:
        facts["mac"] = rest.hex(":")
    elif kind == 1 and len(rest) == 4:
        facts["engine_address"] = ".".join(str(byte) for byte in rest)
    elif kind == 4 and rest:
        facts["engine_name"] = printable(rest.decode("utf-8", "replace"), 40)
    return facts


def _lasting(seconds: int) -> str:
    return (
        f"{seconds // 86_400} days"
        if seconds >= 2 * 86_400
        else f"{seconds // 3600} hours"
        if seconds >= 7200
        else f"{seconds // 60} minutes"
    )
