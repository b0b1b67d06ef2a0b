"""NTP: asks for the time once, and for the server's variables once; never for its list of callers."""

from __future__ import annotations

import datetime
import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._named_servers import NamedServer, name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
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

NAME: Final = "ntp"
TITLE: Final = "Time, exactly (NTP)"
SOURCE: Final = "RFC 5905 §7.3, RFC 9327 (control messages)"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (123,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

# Version 4, mode 3; the rest empty but our transmit timestamp, which the answer repeats.
_STAMP: Final = b"Doorward"
_CLIENT: Final = b"\x23" + bytes(39) + _STAMP
# The same with chrony's own extension field F323 (chrony/ntp.h), which only chrony answers: kind, length, magic, room for the answer.
# Asked before the variables, because those are told to few strangers; NTPsec drops what bears a field, and then stays without a name.
_SECOND_STAMP: Final = b"Doorwar2"
_EXTENSION: Final = b"\xf3\x23\x00\x1c\xf5\xbe\xdd\x9a"
_CLIENT_OF_CHRONY: Final = b"\x23" + bytes(39) + _SECOND_STAMP + _EXTENSION + bytes(20)
_READ_VARIABLES: Final = b"\x26\x02\x44\x6f" + bytes(8)  # version 4, mode 6, READVAR, a number of ours, no association
_TIME_SIZE: Final = 48
_EPOCH: Final = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)  # §6
_VARIABLE = re.compile(r'([a-z]{2,12})=(?:"([^"]{0,100})"|([^,\s"]{0,60}))')
_DAEMONS = (
    pattern(r"^ntpd ntpsec-(\d[\w.]*)", "NTPsec", "NTPsec project", "ntpsec:ntpsec"),
    pattern(r"^ntpd (\d[\w.]*)", "ntpd", "Network Time Foundation", "ntp:ntp"),
    pattern(r"^(?:x?ntpd )?(\d\.\d[\w.]*)@", "ntpd", "Network Time Foundation", "ntp:ntp"),
)
_CHRONY: Final = NamedServer("chrony", "", "chrony project", cpe_name("tuxfamily", "chrony"))


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the time."""
    return _CLIENT


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask as chrony's friends do once the time is here, and all others for their variables; many do not answer that."""
    said = {turn.sent for turn in context.turns}
    if len(received) < _TIME_SIZE or received[24:32] != _STAMP:
        return Step.WAIT
    if _CLIENT_OF_CHRONY not in said:
        return _CLIENT_OF_CHRONY
    if _is_chrony(received):
        return Step.DONE
    if _READ_VARIABLES not in said:
        return _READ_VARIABLES if len(received) >= 2 * _TIME_SIZE else Step.WAIT
    return Step.DONE if _variables(received) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the time and the variables."""
    if len(received) < _TIME_SIZE or received[0] & 0x07 != 4 or received[24:32] != _STAMP:
        return None
    told = _variables(received)
    daemon = _CHRONY if _is_chrony(received) else name_server(told.get("version", ""), _DAEMONS)
    system = told.get("system", "")
    facts: dict[str, Fact] = {
        "encrypted": False,
        "authentication": "none",
        "protocol_version": str(received[0] >> 3 & 7),
        "stratum": received[1],
        "reference": _reference(received),
        "time": _time(received[40:48]),
        "in_step": received[0] >> 6 != 3 and 0 < received[1] < 16,
    }
    for name in ("version", "processor", "system"):
        if told.get(name):
            facts[name if name != "version" else "banner"] = told[name]
    kind = system_from_revision(system) or system.partition("/")[0]
    return Identity(
        service=NAME,
        product=daemon.product,
        version=daemon.version.partition("@")[0],
        vendor=daemon.vendor,
        system=kind,
        cpe=daemon.cpe,
        why="it answers our question for the time, and repeats our stamp",
        sentence=introduce("a clock for other machines (NTP)", daemon.product, daemon.version, kind)
        + ("" if facts["in_step"] else " It says itself that its clock is not set."),
        facts=facts,
    )


def _is_chrony(received: bytes) -> bool:
    """Whether the second answer bears the field that we sent."""
    second = received[_TIME_SIZE:]
    return second[24:32] == _SECOND_STAMP and second[_TIME_SIZE : _TIME_SIZE + 8] == _EXTENSION


def _variables(received: bytes) -> dict[str, str]:
    """The variables of the control message's answers: header (12) with our number, then text; at most 60."""
    place = received.find(_READ_VARIABLES[2:4], _TIME_SIZE) - 2
    text = ""
    while place > 0 and len(received) >= place + 12 and received[place] & 7 == 6 and received[place + 1] & 0x80 and len(text) < 4000:
        size = int.from_bytes(received[place + 10 : place + 12])
        if received[place + 2 : place + 4] == _READ_VARIABLES[2:4] and not received[place + 1] & 0x40:  # no error
            text += received[place + 12 : place + 12 + size].decode("utf-8", "replace")
        place += 12 + size + -size % 4
    pairs = [(found[1], printable(found[2] or found[3] or "", 100)) for found in _VARIABLE.finditer(text)][:60]
    return dict(pairs)


def _reference(received: bytes) -> str:
    """What the clock is set by: a name at stratum 0 and 1, an address above (§7.3)."""
    raw = received[12:16]
    if received[1] <= 1:
        return printable(raw.rstrip(b"\0").decode("ascii", "replace"))
    return ".".join(str(byte) for byte in raw)


def _time(stamp: bytes) -> str:
    """Seconds since 1900, a fraction behind (§6)."""
    return (_EPOCH + datetime.timedelta(seconds=int.from_bytes(stamp[:4]))).isoformat()
