"""distcc: has an empty file compiled, because the server answers nothing else; runs only the compiler it offers, keeps nothing."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
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
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "distcc"
TITLE: Final = "Compiling for others (distcc)"
SOURCE: Final = "distcc/doc/protocol-1.txt"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (3632,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_ANSWER = re.compile(rb"DONE0000000([123])STAT([0-9a-f]{8})")
_WORDS: Final = (b"cc", b"-S", b"none.c", b"-o", b"none.o")  # as assembler's text: its last line names the compiler
_COMPILER = re.compile(rb"(GCC: \([^()\r\n]{1,100}\) [\w.]{1,30}|clang version [\w.]{1,40})")


def _token(name: bytes, value: int, text: bytes = b"") -> bytes:
    return name + b"%08x" % value + text


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Version 1, five words of a command that is nobody's, an empty file."""
    words = b"".join(_token(b"ARGV", len(word), word) for word in _WORDS)
    return _token(b"DIST", 1) + _token(b"ARGC", len(_WORDS)) + words + _token(b"DOTI", 0)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answer's tokens: version, the compiler's status, its complaints."""
    found = _ANSWER.match(received)
    if found is None:
        return None
    compiler = _COMPILER.search(received[:MAX_BYTES])
    words = compiler[1].decode("ascii", "replace") if compiler else ""
    system = system_from_revision(words)
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none", "protocol_version": found[1].decode()}
    if words:
        facts["compiler"] = printable(words)
    return Identity(
        service=NAME,
        product="distccd",
        vendor="distcc project",
        system=system,
        cpe=cpe_name("distcc", "distcc"),
        why="it answers in distcc's tokens",
        sentence=introduce("a server that compiles programs for other machines", "distccd", "", system)
        + " Whoever reaches it may have programs run on it: let in chosen machines only.",
        facts=facts,
    )
