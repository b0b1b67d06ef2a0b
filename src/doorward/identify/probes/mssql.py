"""Microsoft SQL Server: opens its protocol and reads the version it agrees to; logs in nowhere."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
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
    "decode_options",
    "first_words",
    "read",
]

NAME: Final = "mssql"
TITLE: Final = "Microsoft SQL Server: a database"
SOURCE: Final = "MS-TDS §2.2.6.5 (PRELOGIN)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    1433,
    1434,
    14330,
)  # IANA: ms-sql-s; the administrators' own; by habit
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_PRELOGIN: Final = 0x12
_ANSWER: Final = 0x04
_VERSION, _ENCRYPTION, _INSTANCE, _THREAD, _SEVERAL = range(5)
_ENCRYPTIONS: Final = {0: "passwords only", 1: "offered", 2: "not possible", 3: "required"}
# First number of the version → the name it is sold by (Microsoft Learn: SQL Server release versions).
_RELEASES: Final = {
    8: "2000",
    9: "2005",
    10: "2008",
    11: "2012",
    12: "2014",
    13: "2016",
    14: "2017",
    15: "2019",
    16: "2022",
    17: "2025",
}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """PRELOGIN: kind, end of message, length (2), process (2), number, window; then places of options, and the options."""
    options = (
        (_VERSION, b"\x11\x00\x00\x00\x00\x00"),
        (_ENCRYPTION, b"\x02"),
        (_INSTANCE, b"\x00"),
        (_THREAD, bytes(4)),
        (_SEVERAL, b"\x00"),
    )
    place = 5 * len(options) + 1
    heads = b""
    for kind, value in options:
        heads += bytes((kind,)) + place.to_bytes(2) + len(value).to_bytes(2)
        place += len(value)
    body = heads + b"\xff" + b"".join(value for _, value in options)
    return bytes((_PRELOGIN, 1)) + (len(body) + 8).to_bytes(2) + b"\0\0\1\0" + body


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answer's version and its word on encryption."""
    if len(received) < 8 or received[:2] != bytes((_ANSWER, 1)) or not 20 <= int.from_bytes(received[2:4]) <= len(received):
        return None
    options = decode_options(received[8 : int.from_bytes(received[2:4])])
    raw, encryption = options.get(_VERSION, b""), options.get(_ENCRYPTION, b"")
    if len(raw) != 6 or len(encryption) != 1 or encryption[0] not in _ENCRYPTIONS:
        return None
    version = f"{raw[0]}.{raw[1]}.{int.from_bytes(raw[2:4])}" if raw[0] else ""
    release = "2008 R2" if raw[:2] == b"\x0a\x32" else _RELEASES.get(raw[0], "")
    product = f"Microsoft SQL Server {release}".strip() if release else ""
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "required",
        "encryption": _ENCRYPTIONS[encryption[0]],
        "starttls": encryption[0] != 2,
    }
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor="Microsoft" if product else "",
        cpe=cpe_name("microsoft", f"sql_server_{release.replace(' ', '_').lower()}", version) if release else "",
        why="it answers PRELOGIN with its version and its word on encryption",
        sentence=introduce("a database", product, version) + " It wants a login.",
        facts=facts,
    )


def decode_options(body: bytes) -> dict[int, bytes]:
    """Read kinds with place (2) and length (2) until 0xFF, and what stands at those places; empty where one leads astray."""
    found: dict[int, bytes] = {}
    place = 0
    while place + 5 <= len(body) and body[place] != 0xFF and len(found) < 20:
        start, size = int.from_bytes(body[place + 1 : place + 3]), int.from_bytes(body[place + 3 : place + 5])
        if body[place] in found or start + size > len(body):
            return {}
        found[body[place]] = body[start : start + size]
        place += 5
    return found if body[place : place + 1] == b"\xff" else {}
