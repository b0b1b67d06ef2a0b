"""Db2 and Derby: exchanges attributes as DRDA wants it, and reads what the server is; opens no database."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
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

NAME: Final = "db2"
TITLE: Final = "Db2, Derby: databases that speak DRDA"
SOURCE: Final = "The Open Group, DRDA V5 vol. 3 (EXCSAT)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    50000,
    523,
    446,
    1527,
)  # Db2's manual, IANA: drda; Derby's manual
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_EXCSAT, _EXCSATRD = 0x1041, 0x1443
_FIELDS: Final = {0x115E: "external_name", 0x116D: "server_name", 0x115A: "release", 0x1147: "server_class"}
_RELEASE = re.compile(r"(SQL|DSN|QSQ|ARI)(\d\d)(\d\d)(\d)")
_PRODUCTS: Final = {
    "SQL": ("Db2", "db2"),
    "DSN": ("Db2 for z/OS", "db2"),
    "QSQ": ("Db2 for i", "db2"),
    "ARI": ("Db2 for VSE and VM", "db2"),
}


def _object(code: int, inside: bytes) -> bytes:
    """Length (2), code (2), what is inside."""
    return (len(inside) + 4).to_bytes(2) + code.to_bytes(2) + inside


def first_words(host: str) -> bytes:  # noqa: ARG001
    """EXCSAT with our name, in the letters of mainframes; a request of its own: length (2), 0xD0, kind 1, number (2)."""
    inside = _object(0x115E, "doorward".encode("cp500")) + _object(0x1404, b"\x14\x03\x00\x07\x24\x07\x00\x07")
    request = _object(_EXCSAT, inside)
    return (len(request) + 6).to_bytes(2) + b"\xd0\x01\x00\x01" + request


def read(received: bytes, context: Context) -> Identity | None:
    """Read EXCSATRD's fields."""
    size = int.from_bytes(received[:2])
    if len(received) < 10 or received[2] != 0xD0 or received[4:6] != b"\x00\x01" or int.from_bytes(received[8:10]) != _EXCSATRD:
        return None
    told: dict[str, str] = {}
    place, end = 10, min(size, len(received))
    while place + 4 <= end:
        length, code = int.from_bytes(received[place : place + 2]), int.from_bytes(received[place + 2 : place + 4])
        if length < 4:
            break
        if code in _FIELDS:
            told[_FIELDS[code]] = printable(_letters(received[place + 4 : min(place + length, end)]), 100)
        place += length
    product, version, vendor, cpe = _product(told)
    server_class = told.get("server_class", "")
    system = "Linux" if "LINUX" in server_class else "Windows" if "/NT" in server_class else "AIX" if "AIX" in server_class else ""
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "required", **told}
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor=vendor,
        system=system,
        host_name=told.get("server_name", "") if product != "Apache Derby" else "",
        cpe=cpe,
        why="it exchanges attributes as DRDA servers do",
        sentence=introduce("a database", product, version, system) + " It wants a login.",
        facts=facts,
    )


def _letters(raw: bytes) -> str:
    """Texts in the letters of mainframes, or in ASCII as newer ones send them."""
    text = raw.decode("utf-8" if all(32 <= byte < 127 for byte in raw) else "cp500", "replace")
    return text.strip(" \0")


def _product(told: dict[str, str]) -> tuple[str, str, str, str]:
    release, name = told.get("release", ""), f"{told.get('external_name', '')} {told.get('server_class', '')} {told.get('release', '')}"
    if "derby" in name.lower():
        found = re.search(r"CSS(\d\d)(\d\d)(\d)", release)
        version = f"{int(found[1])}.{int(found[2])}.{found[3]}" if found else ""
        return "Apache Derby", version, "Apache Software Foundation", cpe_name("apache", "derby", version)
    found = _RELEASE.match(release)
    if found is None:
        return "", "", "", ""
    product, cpe_product = _PRODUCTS[found[1]]
    version = f"{int(found[2])}.{int(found[3])}.{found[4]}"
    return product, version, "IBM", cpe_name("ibm", cpe_product, version)
