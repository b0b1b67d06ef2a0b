"""The port mapper of ONC RPC: asks for the list of programs and their ports; registers and calls none."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._rpc import PROGRAMS, decode_reply, encode_call, record
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
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
    "decode_programs",
    "first_datagram",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "rpcbind"
TITLE: Final = "Where programs for remote calls listen (rpcbind)"
SOURCE: Final = "RFC 1833 §3, RFC 5531"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (111,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_CALL: Final = encode_call(100000, 2, 4)  # version 2, DUMP
_PROTOCOLS: Final = {6: "tcp", 17: "udp"}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the list; in TCP its length stands before the call."""
    return record(_CALL)


def first_datagram(host: str) -> bytes:  # noqa: ARG001
    """The bare call."""
    return _CALL


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Wait for the whole reply."""
    whole = decode_reply(received, stream=context.transport is Transport.TCP) is not None
    foreign = len(received) >= 8 and received[4:8] != _CALL[:4] and received[:4] != _CALL[:4]
    return Step.DONE if whole or foreign or context.closed else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the list; a refusal to tell it shows as well that remote calls are taken."""
    if context.spoke not in ("", NAME):
        return None
    reply = decode_reply(received, stream=context.transport is Transport.TCP)
    if reply is None:
        return None
    programs = decode_programs(reply.result) if reply.accepted and reply.outcome == 0 else []
    mapper = any(number == 100000 for number, *_ in programs)
    names = sorted({PROGRAMS.get(number, str(number)) for number, *_ in programs})
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none" if programs else "unknown"}
    if programs:
        facts["programs"] = [f"{PROGRAMS.get(n, n)} {version} {_PROTOCOLS.get(p, p)} {port}" for n, version, p, port in programs][:100]
        facts["versions"] = sorted({str(version) for number, version, *_ in programs if number == 100000})
    sentence = introduce("a list of where this machine's programs take remote calls (rpcbind)")
    if names:
        sentence += f" It tells everyone of: {', '.join(names[:10])}."
    return Identity(
        service=NAME,
        product="rpcbind" if any(version > 2 for number, version, *_ in programs if number == 100000) else "",  # the old portmap had 2 only
        certainty=Certainty.MEASURED if mapper or context.port in USUAL_PORTS else Certainty.INFERRED,
        why="it answers our remote call and repeats its number",
        sentence=sentence,
        facts=facts,
    )


def decode_programs(result: bytes) -> list[tuple[int, int, int, int]]:
    """Read the list: 1 (4 bytes) before each entry of program, version, protocol and port, 0 after the last; at most 500."""
    found: list[tuple[int, int, int, int]] = []
    place = 0
    while result[place : place + 4] == b"\x00\x00\x00\x01" and len(result) >= place + 20 and len(found) < 500:
        number, version, protocol, port = (int.from_bytes(result[place + 4 * step : place + 4 * step + 4]) for step in range(1, 5))
        found.append((number, version, protocol, port))
        place += 20
    return found
