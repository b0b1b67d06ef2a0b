"""MySQL's protocol: reads the greeting that the server sends unasked; no login is begun."""

from __future__ import annotations

import re
from typing import Final

from doorward.errors import PeerError
from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import Context, Safety, Step
from doorward.identify.systems import system_from_revision
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

NAME: Final = "mysql"
TITLE: Final = "MySQL and MariaDB: databases"
SOURCE: Final = "MySQL Internals: Protocol::HandshakeV10; MariaDB: Connection protocol"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (3306, 3307, 4000, 6033)  # IANA: 3306; a second server's; TiDB; ProxySQL
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 2048  # a greeting has some 100 bytes, an error at most 600

_ERROR: Final = 0xFF
_CLIENT_MYSQL: Final = 1 << 0  # MariaDB 10.2 and later leave it unset
_CLIENT_SSL: Final = 1 << 11
_CLIENT_PLUGIN_AUTH: Final = 1 << 19
# A version as MySQL and its relatives write it: "8.0.36-0ubuntu0.22.04.1", "10.11.19-MariaDB-0+deb12u1", "5.7.25-TiDB-v7.5.0".
_VERSION = re.compile(r"(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)([\w.+~:@ -]{0,150})")
_REPLICATION_PREFIX: Final = "5.5.5-"  # MariaDB since 10.0, so that old replicas take it for a MySQL
_RELATIVES = (
    # a word in the rest of the version → product, its makers, CPE vendor and product; the number after the word is its version where it is
    (re.compile(r"-MariaDB\b|\+maria"), "MariaDB", "MariaDB Foundation", "mariadb", "mariadb"),
    (re.compile(r"-TiDB-v?(?P<own>\d[\w.]*)"), "TiDB", "PingCAP", "pingcap", "tidb"),
    (re.compile(r"-Vitess\b"), "Vitess", "Vitess project", "linuxfoundation", "vitess"),
    (re.compile(r"mysql_aurora\.(?P<own>\d[\w.]*)"), "Amazon Aurora MySQL", "Amazon", "", ""),
    (re.compile(r"-OceanBase\b"), "OceanBase", "OceanBase", "", ""),
    (re.compile(r"(?i)\bproxysql\b"), "ProxySQL", "ProxySQL", "proxysql", "proxysql"),
)
# Error numbers of the first packet (MySQL: Server Error Message Reference) → what that means for a caller.
_REFUSALS = {
    1040: "It has no room for another caller now.",
    1129: "It has shut us out after connections that broke off.",
    1130: "It takes no callers from this machine.",
    1203: "It has no room for another caller now.",
}
_NAMED = re.compile(rb"(?i)\b(mariadb|mysql) server\b")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait until the first packet is whole."""
    if len(received) < 4:
        return Step.WAIT
    return Step.DONE if len(received) - 4 >= int.from_bytes(received[:3], "little") or received[3] else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the first packet: length (3 bytes, little-endian), number (1, here 0), then a greeting or an error."""
    size = int.from_bytes(received[:3], "little")
    payload = received[4 : 4 + size]
    if len(received) < 4 or received[3] != 0 or not 7 <= size <= MAX_BYTES - 4 or len(payload) < size:
        return None
    if payload[0] == _ERROR:
        return _read_refusal(payload)
    if payload[0] not in (9, 10) or b"\x00" not in payload[1:200]:
        return None
    version = payload[1 : payload.index(b"\x00", 1)].decode("utf-8", "replace")
    return _read_greeting(payload, version, context) if _VERSION.match(version) else None


def _read_greeting(payload: bytes, text: str, context: Context) -> Identity:
    """Read the greeting whose version is ``text``; raises `PeerError` where it ends too early.

    After the version and its zero: thread (4), first part of the challenge (8), zero (1), low capabilities (2), character set (1),
    status (2), high capabilities (2), length of the challenge (1), reserved (10), rest of the challenge, name of the login method.
    """
    after = payload.index(b"\x00", 1) + 1
    if payload[0] == 10 and len(payload) < after + 15:
        raise PeerError("read the MySQL greeting", text, why="it ends before its capabilities")
    low, high = payload[after + 13 : after + 15], payload[after + 18 : after + 20]
    capabilities = int.from_bytes(low, "little") | int.from_bytes(high, "little") << 16
    facts: dict[str, Fact] = {
        "banner": banner_fact(text.encode()),
        "protocol_version": str(payload[0]),
        "encrypted": context.tunnel is not None,
        "starttls": bool(capabilities & _CLIENT_SSL),
        "authentication": "required",
    }
    if capabilities & _CLIENT_PLUGIN_AUTH and len(payload) > after + 21:
        challenge = max(13, payload[after + 20] - 8)
        method = payload[after + 31 + challenge :].partition(b"\x00")[0]
        if method:
            facts["login_method"] = printable(method.decode("utf-8", "replace"), 64)
    prefixed = text.startswith(_REPLICATION_PREFIX) and _VERSION.match(text.removeprefix(_REPLICATION_PREFIX)) is not None
    return _identity(text.removeprefix(_REPLICATION_PREFIX) if prefixed else text, prefixed or not capabilities & _CLIENT_MYSQL, facts)


def _identity(text: str, is_mariadb: bool, facts: dict[str, Fact]) -> Identity:
    found = _VERSION.match(text)
    version, rest = (found[1], found[2]) if found else ("", "")
    product, vendor, cpe_vendor, cpe_product = "MySQL", "Oracle", "oracle", "mysql"
    if is_mariadb:
        product, vendor, cpe_vendor, cpe_product = "MariaDB", "MariaDB Foundation", "mariadb", "mariadb"
    for pattern, *names in _RELATIVES:
        if match := pattern.search(rest):
            product, vendor, cpe_vendor, cpe_product = names
            if own := match.groupdict().get("own"):
                facts["compatible_with"] = f"MySQL {version}"
                version = own
            break
    system = system_from_revision(rest)
    cleartext = (
        "" if facts["starttls"] or facts["encrypted"] else " It offers no encryption: what is asked and answered can be read on the way."
    )
    return Identity(
        service=NAME,
        product=product,
        version=version,
        revision=re.sub(r"^-?(?:MariaDB-?)?(?:log)?", "", rest).strip(),
        vendor=vendor,
        system=system,
        cpe=cpe_name(cpe_vendor, cpe_product, version) if cpe_vendor else "",
        why="its first packet is a MySQL greeting",
        sentence=introduce("a database", product, version, system) + " It wants a login." + cleartext,
        facts=facts,
    )


def _read_refusal(payload: bytes) -> Identity | None:
    """An error instead of a greeting: 0xff, number (2, little-endian), sometimes ``#`` and a state (5), text."""
    number = int.from_bytes(payload[1:3], "little")
    text = payload[9:] if payload[3:4] == b"#" else payload[3:]
    if not 1000 <= number < 5000 or not text.decode("utf-8", "replace").isprintable():
        return None
    named = _NAMED.search(text)
    product = {b"mariadb": "MariaDB", b"mysql": "MySQL"}[named[1].lower()] if named else ""
    facts: dict[str, Fact] = {"banner": banner_fact(text), "error": number, "encrypted": False, "authentication": "unknown"}
    return Identity(
        service=NAME,
        product=product,
        vendor={"MariaDB": "MariaDB Foundation", "MySQL": "Oracle"}.get(product, ""),
        cpe={"MariaDB": cpe_name("mariadb", "mariadb"), "MySQL": cpe_name("oracle", "mysql")}.get(product, ""),
        why=f"its first packet is a MySQL error ({number})",
        sentence=f"{introduce('a database', product or 'MySQL or a relative')} {_REFUSALS.get(number, 'It refused to talk to us.')}",
        facts=facts,
    )
