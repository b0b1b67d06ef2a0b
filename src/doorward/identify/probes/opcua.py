"""OPC UA: says hello to a machine's server; opens no channel."""

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

NAME: Final = "opcua"
TITLE: Final = "OPC UA: machines telling and taking values"
SOURCE: Final = "OPC 10000-6 §7.1.2"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    4840,
    4843,
    48010,
    53530,
    62541,
)  # IANA: 4840, with TLS 4843; makers' habits. At 4840 nothing is said unasked
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 2048

_HELLO_HEAD: Final = b"".join(number.to_bytes(4, "little") for number in (0, 65536, 65536, 0, 0))  # version, buffers, no limits


def first_words(host: str) -> bytes:
    """Hello with the address that we came by."""
    name = host if re.fullmatch(r"[\w.:-]{1,200}", host) and host.isascii() else "localhost"
    url = f"opc.tcp://{f'[{name}]' if ':' in name else name}:4840".encode()
    body = _HELLO_HEAD + len(url).to_bytes(4, "little") + url
    return b"HELF" + (8 + len(body)).to_bytes(4, "little") + body


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """One message is all."""
    if len(received) < 8:
        return Step.WAIT
    return Step.DONE if len(received) >= int.from_bytes(received[4:8], "little") or received[:4] not in (b"ACKF", b"ERRF") else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the message: kind (4), length (4); acknowledgment: five numbers; error: code (4), reason with its length (4)."""
    size = int.from_bytes(received[4:8], "little")
    facts: dict[str, Fact] = {"authentication": "unknown", "encrypted": context.tunnel is not None}
    if received[:4] == b"ACKF" and size == 28 and len(received) >= 28:
        facts["protocol_version"] = str(int.from_bytes(received[8:12], "little"))
    elif received[:4] == b"ERRF" and 16 <= size <= MAX_BYTES and len(received) >= size and received[11] & 0x80:
        facts["refusal"] = printable(received[16:size].decode("utf-8", "replace"), 200) or received[8:12][::-1].hex()
    else:
        return None
    sentence = introduce("a machine's door for values (OPC UA)") + " Whether it wants a login is told only behind its handshake."
    return Identity(service=NAME, why=f"it answers hello with {received[:3].decode()} of OPC UA", sentence=sentence, facts=facts)
