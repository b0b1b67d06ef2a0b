"""Remote Framebuffer, the protocol of VNC: reads its version and which proofs it wants; looks at no screen, tries no password."""

from __future__ import annotations

import re
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

NAME: Final = "vnc"
TITLE: Final = "VNC: another computer's screen and keyboard"
SOURCE: Final = "RFC 6143"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    *range(5900, 5911),
    5500,
)  # IANA: 5900, one more per display; 5500 is the viewer that waits
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 2048

_VERSION = re.compile(rb"RFB (\d{3})\.(\d{3})\n")  # RFC 6143 §7.1.1
_ANSWERS: Final = (b"RFB 003.003\n", b"RFB 003.007\n", b"RFB 003.008\n")
# IANA, "Remote Framebuffer Security Types"; 129 and later are RealVNC's.
_NONE: Final = 1
_TYPES: Final = {
    1: "none",
    2: "VNC password",
    5: "RA2",
    6: "RA2ne",
    16: "Tight",
    17: "Ultra",
    18: "TLS",
    19: "VeNCrypt",
    20: "SASL",
    21: "MD5",
    22: "xvp",
    30: "Diffie-Hellman (Apple)",
    33: "Kerberos (Apple)",
    35: "Apple",
    36: "SRP (Apple)",
    113: "Microsoft logon (UltraVNC)",
    129: "RA256",
    130: "RAne256",
}
_ENCRYPTED: Final = frozenset((5, 18, 19, 129))
_MARKED: Final = {  # versions that only one maker uses
    (3, 889): ("Apple Remote Desktop", "Apple", "macOS"),
    (4, 0): ("RealVNC", "RealVNC", ""),
    (4, 1): ("RealVNC", "RealVNC", ""),
    (5, 0): ("RealVNC", "RealVNC", ""),
    (0, 0): ("UltraVNC Repeater", "UltraVNC project", ""),
}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Nothing: the server greets."""
    return b""


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Answer the version with one that we both speak, then wait for the list of proofs."""
    found = _VERSION.match(received)
    if found is None:
        return Step.WAIT if received[:12] == b"RFB 000.000\n"[: len(received)] or len(received) < 12 else Step.DONE
    if (int(found[1]), int(found[2])) == (0, 0):  # a repeater wants to be told whom to call
        return Step.DONE
    if not any(turn.sent in _ANSWERS for turn in context.turns):
        return _answer(found)
    return Step.DONE if _offer(received, context) is not None else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the version and, when it is here, the list of proofs."""
    found = _VERSION.match(received)
    if found is None:
        return None
    number = int(found[1]), int(found[2])
    product, vendor, system = _MARKED.get(number, ("", "", ""))
    facts: dict[str, Fact] = {
        "banner": banner_fact(found[0]),
        "protocol_version": f"{number[0]}.{number[1]}",
        "encrypted": context.tunnel is not None,
        "authentication": "unknown",
    }
    types, reason = _offer(received, context) or ([], "")
    if types:
        facts["security_types"] = [_TYPES.get(kind, str(kind)) for kind in types]
        facts["authentication"] = "none" if _NONE in types else "required"
        facts["encryption_offered"] = any(kind in _ENCRYPTED for kind in types)
    if reason:
        facts["refusal"] = printable(reason[:200])
    return Identity(
        service=NAME,
        product=product,
        vendor=vendor,
        system=system,
        why=f"it greets with {banner_fact(found[0])}",
        sentence=introduce("a door to a computer's screen and keyboard (VNC)", product, "", system) + _advice(facts),
        facts=facts,
    )


def _answer(found: re.Match[bytes]) -> bytes:
    """Our version: never above the server's, and one of the three that the standard knows (RFC 6143 §7.1.1)."""
    number = int(found[1]), int(found[2])
    return _ANSWERS[2] if number >= (3, 8) else _ANSWERS[1] if number == (3, 7) else _ANSWERS[0]


def _offer(received: bytes, context: Context) -> tuple[list[int], str] | None:
    """The proofs offered and the reason of a refusal; `None` while it isn't whole.

    Since 3.7: number of types (1 byte), types; in 3.3 one type in 4 bytes. None of them: a reason, its length (4) first.
    """
    sent = next((turn.sent for turn in context.turns if turn.sent in _ANSWERS), b"")
    rest = received[12:]
    if sent == _ANSWERS[0]:
        kind = int.from_bytes(rest[:4])
        if len(rest) < 4 or kind > 255:
            return None
        return ([kind], "") if kind else _refusal(rest[4:])
    if not sent or not rest:
        return None
    types = list(rest[1 : 1 + rest[0]])
    if rest[0] == 0:
        return _refusal(rest[1:])
    return (types, "") if len(types) == rest[0] else None


def _refusal(rest: bytes) -> tuple[list[int], str] | None:
    size = int.from_bytes(rest[:4])
    if len(rest) < 4 or len(rest) - 4 < min(size, MAX_BYTES):
        return None
    return [], rest[4 : 4 + size].decode("utf-8", "replace")


def _advice(facts: dict[str, Fact]) -> str:
    if facts["authentication"] == "none":
        return " Whoever reaches it may watch and use that computer: it asks for no password."
    text = " It wants a password." if facts["authentication"] == "required" else ""
    if facts.get("refusal"):
        return f"{text} It refused to talk to us: “{facts['refusal']}”."
    if facts.get("encryption_offered") is False and not facts["encrypted"]:
        text += " It offers no encryption: what is seen and typed can be read on the way."
    return text
