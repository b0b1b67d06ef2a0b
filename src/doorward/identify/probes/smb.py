"""SMB: agrees on a dialect and reads whom the server says it is; goes no further than its challenge, and opens no share."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._ntlm import Challenge, decode_challenge, filetime
from doorward.identify.probes._smb_messages import (
    ASK_ANY,
    ASK_DIALECT,
    ASK_SETUP,
    ASK_SETUP_OLD,
    COMMAND_NEGOTIATE,
    DIALECTS,
    SMB1,
    SMB2,
    split_messages,
)
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
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
    "conclude",
    "first_words",
    "next_question",
    "next_words",
    "read",
]

NAME: Final = "smb"
TITLE: Final = "Windows file sharing (SMB)"
SOURCE: Final = "MS-SMB2, MS-CIFS, MS-NLMP"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    445,
    139,
)  # IANA: microsoft-ds, netbios-ssn (which takes it without its own hello, too)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_WILDCARD: Final = 0x02FF  # MS-SMB2 §2.2.4: ask again for a dialect of version 2 or 3
_SIGNING_REQUIRED: Final = 2  # §2.2.4, SecurityMode
_ENCRYPTION: Final = 0x40  # §2.2.4, Capabilities


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for any dialect there is."""
    return ASK_ANY


def next_words(received: bytes, context: Context) -> bytes | Step:
    """The newest dialect, then the challenge."""
    return next_question(received, {turn.sent for turn in context.turns}, closed=context.closed)


def next_question(received: bytes, said: set[bytes], *, closed: bool) -> bytes | Step:
    """What to ask after the answers so far; ``said`` are the questions asked."""
    messages = split_messages(received)
    asked = sum(question in said for question in (ASK_ANY, ASK_DIALECT, ASK_SETUP, ASK_SETUP_OLD))
    if not messages or closed:
        return Step.WAIT if received[:1] in (b"", b"\0", b"\x82") and len(received) < 16_384 and not closed else Step.DONE
    if len(messages) < asked:
        return Step.WAIT
    last = messages[-1]
    if last.startswith(SMB1) and ASK_SETUP_OLD not in said and len(messages) == 1:
        return ASK_SETUP_OLD if _extended_security(last) else Step.DONE
    if not last.startswith(SMB2) or ASK_SETUP in said:
        return Step.DONE
    return ASK_DIALECT if _dialect(last) == _WILDCARD and ASK_DIALECT not in said else ASK_SETUP


def read(received: bytes, context: Context) -> Identity | None:
    """Read dialect, signing, the server's id, its times, and the challenge's names."""
    return conclude(received[:MAX_BYTES], NAME, encrypted=context.tunnel is not None)


def conclude(received: bytes, service: str, *, encrypted: bool) -> Identity | None:
    """Join what the messages tell; `None` where none of them is SMB's answer."""
    messages = [message for message in split_messages(received) if _is_answer(message)]
    if not messages:
        return None
    facts: dict[str, Fact] = {"encrypted": encrypted, "authentication": "required"}
    for message in messages:
        facts |= _negotiated(message) if message.startswith(SMB2) else _negotiated_old(message)
    challenge = next((found for message in messages if (found := decode_challenge(message))), Challenge())
    facts |= {name: value for name, value in challenge.names.items() if value}
    native, manager = next((names for message in messages if any(names := _native_names(message))), ("", ""))
    for name, value in (("native_system", native), ("native_manager", manager), ("windows_version", challenge.version)):
        if value:
            facts[name] = value
    samba = challenge.is_samba or manager.startswith("Samba")
    version = manager.removeprefix("Samba ").split("-")[0] if manager.startswith("Samba ") else ""
    system = challenge.system or (native if native.startswith("Windows") else "")
    product = "Samba" if samba else "Windows file sharing" if system else ""
    host = challenge.names.get("dns_name") or challenge.names.get("netbios_name", "")
    return Identity(
        service=service,
        product=product,
        version=version,
        vendor="Samba Team" if samba else "Microsoft" if system else "",
        system=system,
        host_name=host,
        cpe=cpe_name("samba", "samba", version) if samba else "",
        why="it answers in SMB's own messages",
        sentence=introduce("a door to shared folders and printers (SMB)", product, version, system) + _advice(facts),
        facts=facts,
    )


def _is_answer(message: bytes) -> bool:
    """Whether the far end answers (the flag is set), and to what was asked."""
    if message.startswith(SMB2):
        return len(message) >= 64 and message[16] & 1 == 1
    return message.startswith(SMB1) and len(message) >= 35 and message[9] & 0x80 != 0 and message[4] in (0x72, 0x73)


def _dialect(message: bytes) -> int:
    return int.from_bytes(message[68:70], "little") if message[12] == COMMAND_NEGOTIATE and len(message) >= 128 else 0


def _negotiated(message: bytes) -> dict[str, Fact]:
    """The fixed part of version 2's answer: MS-SMB2 §2.2.4."""
    if len(message) < 128 or message[12] != COMMAND_NEGOTIATE or message[13] != 0:
        return {}
    facts: dict[str, Fact] = {"signing_required": bool(message[66] & _SIGNING_REQUIRED), "server_guid": message[72:88].hex()}
    dialect = _dialect(message)
    if dialect in DIALECTS:
        facts["dialect"] = DIALECTS[dialect]
        facts["encryption_offered"] = bool(message[88] & _ENCRYPTION) or dialect == 0x0311
    for name, place in (("time", 104), ("booted", 112)):
        moment = filetime(int.from_bytes(message[place : place + 8], "little"))
        if moment is not None:
            facts[name] = moment.isoformat(timespec="seconds")
    return facts


def _negotiated_old(message: bytes) -> dict[str, Fact]:
    """Version 1's answer: words (1), dialect's place (2), security mode (1): MS-CIFS §2.2.4.52.2."""
    if message[4] != 0x72 or message[32] < 17:
        return {}
    return {"dialect": "1 (NT LM 0.12)", "signing_required": bool(message[35] & 0x08), "encryption_offered": False}


def _extended_security(message: bytes) -> bool:
    """Whether it takes NTLM's messages: its capabilities' highest bit (MS-CIFS §2.2.4.52.2)."""
    return message[4] == 0x72 and message[32] >= 17 and len(message) >= 56 and message[55] & 0x80 != 0


def _native_names(message: bytes) -> tuple[str, str]:
    """System and file server as version 1's session answer names them: after its words (4), byte count and security blob."""
    if not message.startswith(SMB1) or message[4] != 0x73 or message[32] != 4 or len(message) < 43:
        return "", ""
    blob = int.from_bytes(message[39:41], "little")
    start = 43 + blob
    text = message[start + start % 2 : start + start % 2 + 800].decode("utf-16-le", "replace")
    names = [printable(part, 100) for part in text.split("\0")[:2]]
    return (names[0], names[1]) if len(names) == 2 else ("", "")


def _advice(facts: dict[str, Fact]) -> str:
    if str(facts.get("dialect", "")).startswith("1"):
        return " It speaks only the first version, which is old and broken: turn it off."
    return " It does not insist that messages are signed." if facts.get("signing_required") is False else ""
