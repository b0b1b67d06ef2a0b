"""Raw print port: asks a printer for its name in its job language. Only when asked for: a printer without that language prints it."""

from __future__ import annotations

import re
from typing import Final

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

NAME: Final = "jetdirect"
TITLE: Final = "Raw printing: what is sent here is printed"
SOURCE: Final = "HP Printer Job Language Technical Reference, INFO ID"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    9100,
    9101,
    9102,
    9103,
)  # IANA: 9100 (pdl-datastream)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 2048

_LEAVE: Final = b"\x1b%-12345X"
_ASK: Final = _LEAVE + b"@PJL INFO ID\r\n" + _LEAVE + b"\r\n"
_TOLD = re.compile(rb'@PJL INFO ID\r?\n"?([^"\r\n\x0c]{1,200})"?\r?\n')
_MAKERS: Final = (
    ("hp ", "HP"),
    ("hewlett", "HP"),
    ("lexmark", "Lexmark"),
    ("brother", "Brother"),
    ("xerox", "Xerox"),
    ("kyocera", "Kyocera"),
    ("ricoh", "Ricoh"),
    ("canon", "Canon"),
    ("samsung", "Samsung"),
    ("oki", "OKI"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Into the job language, ask for the name, and out again."""
    return _ASK


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """A form feed ends the answer."""
    return Step.DONE if b"\x0c" in received or received[:1] not in (b"", b"@") else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the name between the question and a form feed."""
    told = _TOLD.match(received)
    if told is None:
        return None
    name = printable(told[1].decode("utf-8", "replace").strip(), 100)
    maker = next((maker for word, maker in _MAKERS if word in f"{name.lower()} "), "")
    facts: dict[str, Fact] = {"banner": name, "authentication": "none", "encrypted": context.tunnel is not None}
    return Identity(
        service=NAME,
        product=name,
        vendor=maker,
        why="it repeats our question in its job language and tells its name",
        sentence=introduce("a printer", name) + " Whatever reaches this door is printed.",
        facts=facts,
    )
