"""The character generator: recognises its turning lines, and reads no more than some of them."""

from __future__ import annotations

import itertools
from typing import Final

from doorward.identify.identity import Identity, banner_fact
from doorward.identify.probing import Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
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
    "is_turning",
    "next_words",
    "read",
]

NAME: Final = "chargen"
TITLE: Final = "Character generator: text without end"
SOURCE: Final = "RFC 864"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (19,)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024  # it never ends by itself

_BEGINNINGS: Final = (0x20, 0x21)  # blank, the first printable character of ASCII; some servers leave it out
_ENDS: Final = (0x7D, 0x7E)  # and some (xinetd) the last one
_LINE: Final = 72  # RFC 864: "each line is 72 characters"
_FEWEST: Final = 24  # a shorter run of the alphabet may stand in any text


def first_words(host: str) -> bytes:  # noqa: ARG001
    """In TCP the server speaks unasked; in UDP one small datagram asks for one."""
    return b"\r\n"


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Leave as soon as two whole lines are here, or it is something else."""
    if not is_turning(received):
        return Step.DONE if len(received) >= _FEWEST else Step.WAIT
    return Step.DONE if received.count(b"\n") >= 2 else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Check every character that came: each is the next of the alphabet, each line begins one further than the last."""
    received = received[:MAX_BYTES]
    if len(received) < _FEWEST or not is_turning(received):
        return None
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none", "banner": banner_fact(received)}
    proven = received.count(b"\n") >= 2
    return Identity(
        service=NAME,
        certainty=Certainty.MEASURED if proven else Certainty.INFERRED,
        why="its lines run through the alphabet, each one character further",
        sentence="This sends text without end to whoever asks (chargen). It is misused to flood others: close it.",
        facts=facts,
    )


def is_turning(received: bytes) -> bool:
    """Whether all lines but the last are 72 printable characters in turn and every line starts one after the line before."""
    *lines, rest = received.split(b"\n")
    starts: list[int] = []
    for line in (*(whole.removesuffix(b"\r") for whole in lines), rest.removesuffix(b"\r")):
        if any(not _follows(now, following) for now, following in itertools.pairwise(line)):
            return False
        if not line:
            break
        starts.append(line[0])
    whole_lines = [line.removesuffix(b"\r") for line in lines]
    # In UDP the last line may be cut short and still end in CRLF (RFC 864: a random number of characters).
    if any(len(line) != _LINE for line in whole_lines[:-1]) or (rest and whole_lines and len(whole_lines[-1]) != _LINE):
        return False
    # xinetd begins anew one line late, once in a turn: … } ! " ! " # …
    jumps = [following for now, following in itertools.pairwise(starts) if not _follows(now, following)]
    return bool(starts) and len(jumps) <= 1 and all(start in _BEGINNINGS for start in jumps)


def _follows(now: int, following: int) -> bool:
    """Whether one character comes after the other in the ring of printable ASCII."""
    if now in _ENDS and following in _BEGINNINGS:
        return True
    return _BEGINNINGS[0] <= now < _ENDS[-1] and following == now + 1
