"""Nagios Remote Plugin Executor: asks for its version by its own check; runs no plug-in."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import Context, Safety, Step
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
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "nrpe"
TITLE: Final = "NRPE: checks that a monitor starts on a machine"
SOURCE: Final = "NRPE protocol, versions 2 to 4 (nrpe, include/common.h)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (5666,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 2048

_QUERY, _RESPONSE = 1, 2
_PACKET: Final = struct.Struct(">HHIH1024s2s")  # version, kind, CRC-32, result, text, padding: 1036 bytes
_NEWER_HEAD: Final = struct.Struct(">HHIHHI")  # version 3 and 4: …, alignment, text's length
_NAMED = re.compile(rb"NRPE v(\d[\w.\-]{0,30})")


def _with_sum(packet: bytes) -> bytes:
    """The CRC-32 of the packet whose own sum is zero."""
    return packet[:4] + zlib.crc32(packet).to_bytes(4) + packet[8:]


_ASK: Final = _with_sum(_PACKET.pack(2, _QUERY, 0, 0, b"_NRPE_CHECK", b""))


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A query of version 2 for ``_NRPE_CHECK``, which answers with the version and runs nothing."""
    return _ASK


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait until the packet is whole."""
    if len(received) >= _PACKET.size or received[:1] not in (b"", b"\x00"):
        return Step.DONE
    return Step.DONE if received[:2] in (b"\x00\x03", b"\x00\x04") and _text(received) is not None else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the response, whose sum must be right."""
    text = _text(received)
    if text is None:
        return None
    told = _NAMED.match(text)
    version = told[1].decode() if told else ""
    facts: dict[str, Fact] = {
        "banner": banner_fact(text),
        "protocol_version": str(int.from_bytes(received[:2])),
        "encrypted": context.tunnel is not None,
        "authentication": "none" if told else "unknown",
    }
    advice = " It runs its checks for this machine without a password." if told else ""
    return Identity(
        service=NAME,
        product="NRPE",
        version=version,
        vendor="Nagios",
        cpe=cpe_name("nagios", "remote_plug_in_executor", version),
        why="its answer is a response of NRPE with the right sum",
        sentence=introduce("a door through which a monitor starts checks", "NRPE", version) + advice,
        facts=facts,
    )


def _text(received: bytes) -> bytes | None:
    """The response's text; `None` where it isn't whole, isn't one, or its sum is wrong."""
    version, kind = int.from_bytes(received[:2]), int.from_bytes(received[2:4])
    if kind != _RESPONSE or version not in (2, 3, 4):
        return None
    size = _PACKET.size
    start = 10
    if version > 2:
        if len(received) < _NEWER_HEAD.size:
            return None
        start, length = _NEWER_HEAD.size, int.from_bytes(received[12:16])
        size = start + min(length, MAX_BYTES) + (3 if version == 3 else 0)
    packet = received[:size]
    if len(packet) < size or zlib.crc32(packet[:4] + bytes(4) + packet[8:]).to_bytes(4) != packet[4:8]:
        return None
    return packet[start:].partition(b"\x00")[0]
