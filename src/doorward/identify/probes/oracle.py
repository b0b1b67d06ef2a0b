"""Oracle's listener: asks for its version, and reads the answer or the refusal, in which the version stands as well."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
from doorward.values.evidence import Certainty, Fact
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

NAME: Final = "oracle"
TITLE: Final = "Oracle Database: the listener"
SOURCE: Final = "Oracle Net Services Reference (listener parameters, error messages)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    1521,
    1522,
    1526,
    2483,
)  # IANA and Oracle's manual
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_ASK: Final = b"(CONNECT_DATA=(COMMAND=VERSION))"
_ACCEPT, _REFUSE, _REDIRECT, _DATA, _RESEND = 2, 4, 5, 6, 11
_NUMBER = re.compile(rb"\(VSNNUM=(\d{6,12})\)")
_ERROR = re.compile(rb"\(ERR=(\d{1,6})\)")
_BANNER = re.compile(rb"TNSLSNR for ([^:\r\n\x00]{1,60}): Version (\d[\d.]{1,30})")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """CONNECT: length (2), checks (4), kind 1; versions 318 to 300, sizes, the question's length and place, then the question."""
    fixed = b"\x01\x3e\x01\x2c\x00\x00\x08\x00\x7f\xff\x7f\x08\x00\x00\x00\x01" + len(_ASK).to_bytes(2) + b"\x00\x3a" + bytes(30)
    return (8 + len(fixed) + len(_ASK)).to_bytes(2) + b"\0\0\x01\0\0\0" + fixed + _ASK


def read(received: bytes, context: Context) -> Identity | None:
    """Read the packets' kinds, the banner, and the number in a refusal."""
    size, text = int.from_bytes(received[:2]), received[:4000]
    if len(received) < 8 or received[4] not in (_ACCEPT, _REFUSE, _REDIRECT, _DATA, _RESEND) or received[2:4] != b"\0\0" or size < 8:
        return None
    banner, number, error = _BANNER.search(text), _NUMBER.search(text), _ERROR.search(text)
    known = banner or number or (error and b"(DESCRIPTION=" in text)
    if not known and not (context.spoke == NAME and received[4] == _RESEND and size == 8 == len(received)):
        return None
    version = banner[2].decode() if banner else _version(int(number[1])) if number else ""
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "unknown"}
    if banner:
        facts["banner"] = banner_fact(banner[0])
    if error:
        facts["error"] = f"TNS-{int(error[1]):05}"
    system = banner[1].decode("ascii", "replace") if banner else ""
    return Identity(
        service=NAME,
        product="Oracle TNS Listener",
        version=version,
        vendor="Oracle",
        system=printable(system),
        cpe=cpe_name("oracle", "database_server", version),
        certainty=Certainty.MEASURED if known else Certainty.INFERRED,
        why="it tells its version" if banner else "it refuses in the listener's own words" if known else "it asks to be told again",
        sentence=introduce("the door to a database", "Oracle", version, printable(system)),
        facts=facts,
    )


def _version(number: int) -> str:
    """The parts of VSNNUM: 8, 4, 8, 4 and 8 bits; from release 18 on the second and third have 8 bits and 4."""
    if number >> 24 >= 18:
        return f"{number >> 24}.{number >> 16 & 255}.{number >> 12 & 15}.{number >> 4 & 255}.{number & 15}"
    return f"{number >> 24}.{number >> 20 & 15}.{number >> 12 & 255}.{number >> 8 & 15}.{number & 255}"
