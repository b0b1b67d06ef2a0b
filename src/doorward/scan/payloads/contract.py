"""What a payload file offers; knows no protocol, and neither sockets nor time.

A closed UDP port is known by its ICMP error. An open one keeps silent unless it is spoken to in its own language, so that a scan needs
a question for every protocol it wants to find. Each is one file in `doorward.scan.payloads.protocols`, found by its place there, with
the module-level names of `Payload`. It is pure: a nonce in, a datagram out; a datagram in, yes or no out.

**The nonce** is the scanner's cookie: it stands in the field that the protocol has to repeat (a DNS id, NTP's transmit timestamp, IKE's
SPI), and an answer that doesn't repeat it is nobody's answer to us. Protocols repeat 1 to 8 bytes; a file takes the lowest it has room
for. A nonce whose low 16 bits are all zero is best not used: to some protocols a zero id means "none" (L2TP, GVCP, NTP).

**Manners.** The question is the harmless one with the smallest answer (never a list, a dump or a monitor), padded where its protocol
lets us, so that what comes back is at most `AMPLIFICATION_CAP` times what we sent: nobody's bandwidth is multiplied through us, and no
one learns a reflection from us. It changes nothing at the far end beyond what any first datagram of that protocol does.
"""

from __future__ import annotations

import enum
from typing import Final, Protocol

__all__ = ["AMPLIFICATION_CAP", "Payload", "Safety", "nonce_bytes"]

#: Answer bytes per question byte, both as UDP payloads: the bandwidth amplification factor of Rossow, "Amplification Hell" (NDSS 2014),
#: where the abused questions have factors of 4 (NetBIOS) to 557 (NTP monlist; 4,670 at the worst tenth of its servers).
AMPLIFICATION_CAP: Final = 3.0


class Safety(enum.StrEnum):
    """To which doors a payload may be sent."""

    ANY_PORT = "any port"  #: harmless to whatever listens: a well-formed small question that strangers throw away
    OWN_PORTS = "own ports"  #: on its usual ports only: elsewhere pointless, or its answer would say nothing
    ONLY_ASKED = "only asked"  #: only when asked for by name: machines and plants stand behind it


class Payload(Protocol):
    """What a payload's file must offer; ``ANSWERS_FROM_ANOTHER_PORT: bool`` may be there (catalogue.answers_from_another_port)."""

    NAME: str  #: the file's own name: "ntp"
    TITLE: str  #: for people: "Network time"
    SOURCE: str  #: the standard it is written from: "RFC 5905"
    PORTS: tuple[int, ...]  #: its usual UDP ports
    SAFE: Safety
    NONCE_SIZE: int  #: bytes of the nonce that the answer repeats; 0: the protocol repeats nothing
    NONCE_OFFSET: int | None  #: where the datagram holds them, big-endian; None: not as plain bytes, ask `payload` for each
    ANSWER_BYTES: int  #: the longest answer to expect of ordinary servers; over ``len(payload)`` it is the amplification

    def payload(self, nonce: int) -> bytes:
        """The question. Any non-negative integer is a nonce; only its lowest `NONCE_SIZE` bytes count."""

    def is_answer(self, data: bytes, nonce: int) -> bool:
        """Whether ``data`` (any bytes) is this protocol's answer to ``payload(nonce)``: structure, lengths, the repeated nonce."""


def nonce_bytes(nonce: int, size: int) -> bytes:
    """The lowest ``size`` bytes of the nonce, big-endian."""
    return (nonce & ((1 << 8 * size) - 1)).to_bytes(size)
