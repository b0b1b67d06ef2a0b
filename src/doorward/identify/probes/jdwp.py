"""Java Debug Wire Protocol: shakes hands and asks for the machine's version; stops nothing, runs nothing."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
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

NAME: Final = "jdwp"
TITLE: Final = "JDWP: a Java program's debugger door"
SOURCE: Final = "Java Debug Wire Protocol (Java SE 17): Handshake, VirtualMachine.Version"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    5005,
    8000,
    8787,
    8453,
    9009,
)  # habits of manuals and frameworks
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 2048

_HANDSHAKE: Final = b"JDWP-Handshake"
_ASK: Final = b"\x00\x00\x00\x0b\x00\x00\x00\x01\x00\x01\x01"  # length 11, number 1, command set 1 (VirtualMachine), command 1 (Version)
_REPLY: Final = 0x80


def first_words(host: str) -> bytes:  # noqa: ARG001
    """The handshake, which both sides say."""
    return _HANDSHAKE


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask for the version once hands are shaken."""
    if received[:14] != _HANDSHAKE[: len(received)]:
        return Step.DONE
    if len(received) < 14:
        return Step.WAIT
    if not any(turn.sent == _ASK for turn in context.turns):
        return _ASK
    return Step.DONE if len(received) >= 18 and len(received) - 14 >= min(int.from_bytes(received[14:18]), MAX_BYTES) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the handshake, and the version behind it: four texts and numbers, each text with its length (4) before it."""
    if not received.startswith(_HANDSHAKE) or _HANDSHAKE not in [turn.sent for turn in context.turns]:
        return None
    version, name = _decode_version(received[14:])
    product = "OpenJDK" if "OpenJDK" in name else "Java"
    facts: dict[str, Fact] = {"authentication": "none", "encrypted": context.tunnel is not None, "runs_code": True}
    if name:
        facts["banner"] = f"{name} {version}".strip()
    return Identity(
        service=NAME,
        product=product if version else "",
        version=version,
        vendor="Oracle" if product == "OpenJDK" and version else "",
        cpe=cpe_name("oracle", "openjdk", version) if product == "OpenJDK" and version else "",
        why="it shakes hands as Java's debugger door",
        sentence=introduce("a Java program's debugger door", product if version else "", version)
        + " Whoever reaches it may run any program in its name: it asks for no password. Close it.",
        facts=facts,
    )


def _decode_version(packet: bytes) -> tuple[str, str]:
    """Reply: length (4), number (4), flags (1), error (2); then description, major (4), minor (4), version, name of the machine."""
    if len(packet) < 11 or int.from_bytes(packet[:4]) > len(packet) or packet[4:9] != b"\x00\x00\x00\x01\x80" or packet[9:11] != bytes(2):
        return "", ""
    place = 11
    texts: list[str] = []
    for skip in (8, 0, 0):
        size = int.from_bytes(packet[place : place + 4])
        text = packet[place + 4 : place + 4 + size]
        if len(text) < size or place + 4 > len(packet):
            return "", ""
        texts.append(printable(text.decode("utf-8", "replace"), 200))
        place += 4 + size + skip
    return texts[1], texts[2]
