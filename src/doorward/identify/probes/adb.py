"""Android Debug Bridge: says hello and reads the device's name; runs no command, shows no key."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
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

NAME: Final = "adb"
TITLE: Final = "ADB: commands to an Android device"
SOURCE: Final = "Android Debug Bridge: protocol.txt (CONNECT, AUTH, STLS)"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    5555,
    5037,
    5556,
)  # IANA: 5555; the bridge's own server 5037
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 4096


def _packet(command: bytes, first: int, second: int, data: bytes) -> bytes:
    """Command, two arguments, length, sum of the bytes, command's complement; all little-endian."""
    magic = int.from_bytes(command, "little") ^ 0xFFFFFFFF
    return command + b"".join(number.to_bytes(4, "little") for number in (first, second, len(data), sum(data), magic)) + data


_CONNECT: Final = _packet(b"CNXN", 0x01000000, 4096, b"host::\x00")
_HEADER: Final = 24


def first_words(host: str) -> bytes:  # noqa: ARG001
    """CONNECT: version, largest packet, our kind of system."""
    return _CONNECT


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """One packet is all: a wish for a key stays unanswered."""
    if len(received) < _HEADER:
        return Step.WAIT
    return Step.DONE if len(received) >= _HEADER + min(int.from_bytes(received[12:16], "little"), MAX_BYTES) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the packet: CONNECT lets us in, AUTH wants a key, STLS wants TLS first."""
    command = received[:4]
    magic = int.from_bytes(command, "little") ^ 0xFFFFFFFF
    if command not in (b"CNXN", b"AUTH", b"STLS") or received[20:24] != magic.to_bytes(4, "little"):
        return None
    size = int.from_bytes(received[12:16], "little")
    name = received[_HEADER : _HEADER + size].rstrip(b"\x00").decode("utf-8", "replace")
    told = dict(part.split("=", 1) for part in name.partition("::")[2].split(";")[:20] if "=" in part)
    is_open = command == b"CNXN"
    facts: dict[str, Fact] = {"authentication": "none" if is_open else "required", "encrypted": command == b"STLS", "runs_code": is_open}
    for key, fact in (("ro.product.model", "model"), ("ro.product.name", "name"), ("ro.product.device", "device")):
        if told.get(key):
            facts[fact] = printable(told[key], 100)
    if is_open and name:
        facts["banner"] = banner_fact(name.encode())
    advice = (
        " Whoever reaches it may run any command on the device: it asks for no key."
        if is_open
        else " It wants a key that the device's owner has allowed."
    )
    return Identity(
        service=NAME,
        product="Android Debug Bridge",
        vendor="Google",
        system="Android",
        why=f"its packet begins with {command.decode()} and that word's complement",
        sentence=introduce("a door for commands to an Android device", "Android Debug Bridge") + advice,
        facts=facts,
    )
