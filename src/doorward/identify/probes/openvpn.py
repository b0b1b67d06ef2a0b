"""OpenVPN: begins a session and reads whether the far end takes part; no key is exchanged."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
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
    "first_datagram",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "openvpn"
TITLE: Final = "OpenVPN: a tunnel into a private network"
SOURCE: Final = "OpenVPN protocol, draft-openvpn-wire-protocol-00 §2"
TRANSPORTS: Final = (
    Transport.UDP,
    Transport.TCP,
)
USUAL_PORTS: Final = (
    1194,
    1195,
    1196,
    443,
    943,
)  # IANA: 1194; neighbours and the ports that firewalls let through
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_SESSION: Final = b"doorward"  # eight bytes, ours
_HARD_RESET: Final = b"\x38" + _SESSION + b"\x00" + bytes(4)  # P_CONTROL_HARD_RESET_CLIENT_V2 (7 << 3), no acknowledgments, packet 0
_SERVER_RESETS: Final = (0x40, 0x10)  # P_CONTROL_HARD_RESET_SERVER_V2 and _V1, key 0


def first_words(host: str) -> bytes:  # noqa: ARG001
    """The first packet of a client, its length before it as in TCP."""
    return len(_HARD_RESET).to_bytes(2) + _HARD_RESET


def first_datagram(host: str) -> bytes:  # noqa: ARG001
    """The first packet of a client."""
    return _HARD_RESET


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """One packet is all."""
    return Step.DONE if len(received) >= 26 else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answer: opcode, its session (8), one acknowledgment: its number (4), our session (8), packet (4)."""
    packet = received
    if context.transport is Transport.TCP:
        packet = received[2 : 2 + int.from_bytes(received[:2])]
        if len(packet) < int.from_bytes(received[:2]):
            return None
    if len(packet) < 26 or packet[0] not in _SERVER_RESETS or packet[9] != 1 or packet[14:22] != _SESSION:
        return None
    facts: dict[str, Fact] = {"encrypted": True, "authentication": "required", "early_refusal": False}
    return Identity(
        service=NAME,
        product="OpenVPN",
        vendor="OpenVPN",
        cpe=cpe_name("openvpn", "openvpn"),
        why="it answers our session's number in a reset of OpenVPN",
        sentence=introduce("an entrance to a private network", "OpenVPN")
        + " It answers callers who hold no key of its own (no tls-auth or tls-crypt).",
        facts=facts,
    )
