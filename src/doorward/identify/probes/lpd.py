"""Line printer daemon: asks for the state of a queue; prints nothing. Only when asked for: old printers print what they can't read."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import Context, Safety
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

NAME: Final = "lpd"
TITLE: Final = "LPD: printing by the old way"
SOURCE: Final = "RFC 1179 §5.3"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (515,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 4096

_ASK: Final = b"\x03lp\n"
_LPRNG = re.compile(r"^Printer: (\S{1,60})@(\S{1,100})")
_WORDS = re.compile(
    r"^(?:no entries|\S{1,60}: unknown printer|\S{0,60} ?is ready|\S{1,60} is not ready|Rank +Owner|Printer:|\S{1,30}: lp: )",
    re.MULTILINE,
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Send queue state (short) of the queue ``lp``."""
    return _ASK


def read(received: bytes, context: Context) -> Identity | None:
    """Read the state, a text for people: its words are the only proof."""
    text = received[:1000].decode("utf-8", "replace")
    if not _WORDS.search(text) or not text[:1].isprintable() or context.spoke != NAME:
        return None
    lprng = _LPRNG.match(text)
    facts: dict[str, Fact] = {"banner": banner_fact(received), "authentication": "unknown", "encrypted": False}
    return Identity(
        service=NAME,
        product="LPRng" if lprng else "",
        vendor="LPRng project" if lprng else "",
        host_name=printable(lprng[2]) if lprng else "",
        cpe=cpe_name("lprng", "lprng") if lprng else "",
        certainty=Certainty.MEASURED if lprng else Certainty.INFERRED,
        why="it tells a queue's state in the words of a line printer daemon",
        sentence=introduce("a print server of the old kind (LPD)", "LPRng" if lprng else ""),
        facts=facts,
    )
