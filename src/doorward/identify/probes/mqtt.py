"""MQTT: connects without a name, asks for the broker's own version where it lets us in, and leaves; reads nobody's messages."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
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
    "decode_packets",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "mqtt"
TITLE: Final = "MQTT: messages between things"
SOURCE: Final = "OASIS MQTT 3.1.1 and 5.0"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    1883,
    8883,
    1884,
)  # IANA: plain, in TLS; by habit
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

# Type 1 and length; "MQTT", level 4 (3.1.1), clean session, 10 s to live, our name (3.1.1 §3.1)
_CONNECT: Final = b"\x10\x14\x00\x04MQTT\x04\x02\x00\x0a\x00\x08doorward"
_TOPIC: Final = b"$SYS/broker/version"  # the tree of brokers' own words, by which Mosquitto, EMQX, HiveMQ and VerneMQ tell of themselves
_SUBSCRIBE: Final = b"\x82" + bytes((5 + len(_TOPIC),)) + b"\x00\x01\x00" + bytes((len(_TOPIC),)) + _TOPIC + b"\x00"
_PING: Final = b"\xc0\x00"  # its answer comes behind what is kept for our topic
_DISCONNECT: Final = b"\xe0\x00"
# CONNACK's return code (3.1.1 §3.2.2.3), or reason code (5.0 §3.2.2.2) where an answer comes in that version.
_REFUSALS: Final = {
    1: ("unknown", "does not take version 3.1.1"),
    2: ("unknown", "does not take our name"),
    3: ("unknown", "is not available now"),
    4: ("required", "wants another name and password"),
    5: ("required", "wants a login"),
    0x84: ("unknown", "does not take version 3.1.1"),
    0x85: ("unknown", "does not take our name"),
    0x86: ("required", "wants another name and password"),
    0x87: ("required", "wants a login"),
    0x8C: ("required", "wants another kind of login"),
}
_BROKERS = (
    pattern(r"^mosquitto version (\d[\w.]*)", "Mosquitto", "Eclipse Foundation", "eclipse:mosquitto"),
    pattern(r"^(?:EMQX? )?v?(\d+\.\d+\.\d+)$", "EMQX", "EMQ", "emqx:emqx"),
    pattern(r"HiveMQ\D*(\d[\w.]*)?", "HiveMQ", "HiveMQ", "hivemq:hivemq"),
    pattern(r"VerneMQ\D*(\d[\w.]*)?", "VerneMQ", "VerneMQ project"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """CONNECT without name and password."""
    return _CONNECT


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Subscribe to the broker's version where we were let in; leave once it is here, or is not coming."""
    packets = decode_packets(received)
    if not packets:
        return Step.WAIT if len(received) < 4 and not context.closed else Step.DONE
    said = {turn.sent for turn in context.turns}
    if packets[0] != (0x20, b"\x00\x00") or context.closed or _DISCONNECT in said:
        return Step.DONE
    if _SUBSCRIBE not in said:
        return _SUBSCRIBE
    kinds = {kind & 0xF0 for kind, _ in packets}
    if 0x30 in kinds or 0xD0 in kinds:  # PUBLISH, PINGRESP
        return _DISCONNECT
    return _PING if 0x90 in kinds and _PING not in said else Step.WAIT  # SUBACK


def read(received: bytes, context: Context) -> Identity | None:
    """Read CONNACK, and the version where it was told."""
    packets = decode_packets(received[:MAX_BYTES])
    if not packets or packets[0][0] != 0x20 or len(packets[0][1]) < 2 or packets[0][1][0] > 1:
        return None
    code, version_5 = packets[0][1][1], len(packets[0][1]) > 2
    if code != 0 and code not in _REFUSALS:
        return None
    access, words = _REFUSALS.get(code, ("none", "lets everyone in"))
    told = next((text for kind, body in packets[1:] if (text := _published(kind, body))), "")
    broker = name_server(told, _BROKERS)
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": access,
        "protocol_version": "5.0" if version_5 or code >= 0x80 else "3.1.1",
    }
    if told:
        facts["banner"] = banner_fact(told.encode())
    return Identity(
        service=NAME,
        product=broker.product,
        version=broker.version,
        vendor=broker.vendor,
        cpe=broker.cpe,
        certainty=Certainty.MEASURED if context.spoke == NAME else Certainty.INFERRED,
        why=f"it answers CONNECT with CONNACK, code {code}",
        sentence=introduce("a server that passes messages between things (MQTT)", broker.product, broker.version) + f" It {words}.",
        facts=facts,
    )


def decode_packets(received: bytes) -> list[tuple[int, bytes]]:
    """Whole packets as (first byte, body), at most eight; the length has 7 bits a byte, at most four (§2.2.3)."""
    packets: list[tuple[int, bytes]] = []
    place = 0
    while place + 1 < len(received) and len(packets) < 8:
        kind, size, shift, start = received[place], 0, 0, place + 1
        while start < len(received) and shift < 28:
            size |= (received[start] & 0x7F) << shift
            shift, start = shift + 7, start + 1
            if received[start - 1] < 0x80:
                break
        if received[start - 1] >= 0x80 or start + size > len(received):
            break
        packets.append((kind, received[start : start + size]))
        place = start + size
    return packets


def _published(kind: int, body: bytes) -> str:
    """The words of a PUBLISH on our topic (§3.3); at QoS 0 they follow the topic."""
    return printable(body[2 + len(_TOPIC) :].decode("utf-8", "replace"), 100) if kind & 0xF0 == 0x30 and body[2:].startswith(_TOPIC) else ""
