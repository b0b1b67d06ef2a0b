"""IKE, which makes the keys of IPsec: offers a session too weak to be taken and reads the refusal; no key is exchanged."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety
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
    "read",
]

NAME: Final = "ike"
TITLE: Final = "IKE: an entrance to a private network (IPsec)"
SOURCE: Final = "RFC 7296"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (500,)  # IANA; at 4500 four zeros would have to stand before it
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 2048

_INITIATOR: Final = b"doorward"  # eight bytes, ours
_SA, _KE, _NONCE, _NOTIFY = 33, 34, 40, 41  # RFC 7296 §3.2
_SA_INIT: Final = 34
_FROM_RESPONDER: Final = 0x20  # RFC 7296 §3.1: the response flag
_HEADER: Final = 28
_PRIVATE_GROUP: Final = 1040  # RFC 7296 §3.3.2: 1024 and up are private use: nobody computes anything for it
_NOTIFIES: Final = {5: "INVALID_MAJOR_VERSION", 7: "INVALID_SYNTAX", 14: "NO_PROPOSAL_CHOSEN", 17: "INVALID_KE_PAYLOAD", 16390: "COOKIE"}
_NON_ESP: Final = bytes(4)  # RFC 7296 §2.23: on port 4500 four zeros stand before it


def first_words(host: str) -> bytes:  # noqa: ARG001
    """An IKE_SA_INIT that no server can take: AES-GCM, a group of keys from the private range."""
    return _request()


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the header: our number (8), theirs (8), next payload, version, exchange, flags, message number (4), length (4)."""
    message = received[4:] if received.startswith(_NON_ESP) else received
    size = int.from_bytes(message[24:28])
    if len(message) < _HEADER or message[:8] != _INITIATOR or not _HEADER <= size <= len(message):
        return None
    if message[18] == _SA_INIT and message[19] & _FROM_RESPONDER and message[17] >> 4 == 2:
        version, notify = "2.0", _notify(message[:size])
    elif message[17] >> 4 == 1 and message[18] == 5 and not message[19] & 0x01:  # RFC 2408 §3.1: informational, in clear
        version, notify = "1.0", ""
    else:
        return None
    facts: dict[str, Fact] = {"encrypted": True, "authentication": "required", "protocol_version": version}
    if notify:
        facts["answer"] = notify
    return Identity(
        service=NAME,
        why=f"it answers our number in IKE {version}" + (f" with {notify}" if notify else ""),
        sentence=introduce("an entrance to a private network (IPsec)") + " It wants keys or a certificate.",
        facts=facts,
    )


def _request() -> bytes:
    transforms = _transform(3, 1, 20, b"\x80\x0e\x00\x80") + _transform(3, 2, 5) + _transform(0, 4, _PRIVATE_GROUP)
    proposal = b"\x00\x00" + (8 + len(transforms)).to_bytes(2) + b"\x01\x01\x00\x03" + transforms
    key = _PRIVATE_GROUP.to_bytes(2) + bytes(2) + b"none"
    payloads = _payload(_KE, proposal) + _payload(_NONCE, key) + _payload(0, _INITIATOR * 2)
    head = _INITIATOR + bytes(8) + bytes([_SA, 0x20, _SA_INIT, 0x08]) + bytes(4)
    return head + (_HEADER + len(payloads)).to_bytes(4) + payloads


def _transform(more: int, kind: int, number: int, attribute: bytes = b"") -> bytes:
    """RFC 7296 §3.3.2: 3 where another follows, reserved, length, kind (encryption, PRF, group), reserved, number, attribute."""
    return bytes([more, 0]) + (8 + len(attribute)).to_bytes(2) + bytes([kind, 0]) + number.to_bytes(2) + attribute


def _payload(following: int, body: bytes) -> bytes:
    """RFC 7296 §3.2: the following payload's kind, reserved, length."""
    return bytes([following, 0]) + (4 + len(body)).to_bytes(2) + body


def _notify(message: bytes) -> str:
    """The first notification's name: payload header (4), protocol, SPI's size, kind (2)."""
    if message[16] != _NOTIFY or len(message) < _HEADER + 8:
        return ""
    kind = int.from_bytes(message[_HEADER + 6 : _HEADER + 8])
    return _NOTIFIES.get(kind, f"notification {kind}")
