"""PostgreSQL: asks for encryption, then begins a session and reads how it is refused; no password is ever sent."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.identify.systems import system_from_revision
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
    "decode_messages",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "postgresql"
TITLE: Final = "PostgreSQL: a database"
SOURCE: Final = "PostgreSQL Frontend/Backend Protocol 3.0"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (5432, 5433, 5434, 6432, 26257)  # IANA: 5432; second and third clusters (Debian); PgBouncer; CockroachDB
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

# Lengths count themselves. SSLRequest is length 8 and a number that no protocol version has (§ Message Formats).
_SSL_REQUEST: Final = (8).to_bytes(4) + (80877103).to_bytes(4)
# A session as a user who most likely doesn't exist: the server either refuses, or says what proof it would want, or lets anybody in.
_STARTUP: Final = (23).to_bytes(4) + (3 << 16).to_bytes(4) + b"user\x00doorward\x00\x00"
_TERMINATE: Final = b"X" + (4).to_bytes(4)
_MOST_MESSAGES: Final = 40
_LONGEST_MESSAGE: Final = 8192
_KINDS: Final = b"REvSKZNH"  # what may come before the first query

_METHODS = {2: "Kerberos", 3: "cleartext password", 5: "MD5 password", 7: "GSSAPI", 8: "GSSAPI", 9: "SSPI", 10: "SASL"}
_SQLSTATE = re.compile(r"[0-9A-Z]{5}")
_OLD_ERROR = re.compile(rb"E(?:FATAL|ERROR|PANIC): {1,2}[^\x00]{1,500}\n?\x00")  # protocol 2.0's form, sent when the version is refused
_SERVER_VERSION = re.compile(r"(\d[\w.]*)(?: \(([^)]{0,150})\))?")
_PGBOUNCERS_WORDS = re.compile(
    r"bouncer config error|client sent partial pkt in startup phase|pgbouncer cannot connect|no such (?:user|database): |"
    r"unsupported startup parameter: "
)
_NOT_LISTED: Final = "28000"  # invalid_authorization_specification: pg_hba.conf has no line for us, or no such user


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask whether it would encrypt; the answer is one letter."""
    return _SSL_REQUEST


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Encrypt where it agrees, begin the session, and leave at the first refusal, demand or welcome."""
    said = {turn.sent for turn in context.turns}
    if _STARTUP not in said:
        if received == b"S" and context.tunnel is None:
            return Step.START_TLS
        if received in (b"S", b"N"):
            return _STARTUP
        return Step.DONE if received else Step.WAIT
    if _TERMINATE in said or context.closed or _OLD_ERROR.match(_messages_of(received)):
        return Step.DONE
    messages = decode_messages(_messages_of(received))
    kinds = [kind for kind, _ in messages]
    if "Z" in kinds:
        return _TERMINATE
    wants_proof = any(kind == "R" and body[:4] != bytes(4) for kind, body in messages)
    return Step.DONE if "E" in kinds or wants_proof else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the letter that answers our wish for encryption and the messages behind it."""
    received = received[:MAX_BYTES]
    rest = _messages_of(received)
    agreed = received[:1] if rest != received or received in (b"S", b"N") else b""
    messages = decode_messages(rest)
    error = next((_error_fields(body) for kind, body in messages if kind == "E"), {})
    demands = [int.from_bytes(body[:4]) for kind, body in messages if kind == "R" and len(body) >= 4]
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "unknown"}
    if agreed and context.spoke == NAME:
        facts["starttls"] = agreed == b"S"
    if not _is_proven(messages, error, demands):
        return _guess(received, rest, context, facts)
    settings = dict(_setting(body) for kind, body in messages if kind == "S")
    _add_access(facts, error, demands, messages)
    return _identity(facts, error, settings)


def decode_messages(received: bytes) -> list[tuple[str, bytes]]:
    """Read whole messages as (kind, body): kind (1 byte), length (4, counts itself), body; stops where the grammar does."""
    messages: list[tuple[str, bytes]] = []
    place = 0
    while len(messages) < _MOST_MESSAGES and len(received) >= place + 5:
        kind, size = received[place : place + 1], int.from_bytes(received[place + 1 : place + 5])
        body = received[place + 5 : place + 1 + size]
        if kind not in _KINDS or not 4 <= size <= _LONGEST_MESSAGE or len(body) != size - 4:
            break
        messages.append((kind.decode(), body))
        place += 1 + size
    return messages


def _messages_of(received: bytes) -> bytes:
    """What follows the letter that answers SSLRequest; a message beginning with S has a zero as its next byte."""
    return received[1:] if received[:1] in (b"S", b"N") and received[1:2] not in (b"", b"\x00") else received


def _is_proven(messages: list[tuple[str, bytes]], error: dict[str, str], demands: list[int]) -> bool:
    """Whether the messages could only be PostgreSQL's: a known demand, or an error with its own fields."""
    if not messages or messages[0][0] not in "REvN":
        return False
    if demands:
        return demands[0] in (0, *_METHODS)
    return {"S", "C", "M"} <= error.keys() and _SQLSTATE.fullmatch(error["C"]) is not None


def _error_fields(body: bytes) -> dict[str, str]:
    """Read an ErrorResponse: fields of a letter and a zero-terminated text, closed by a zero; empty where that doesn't hold."""
    if body[-2:] not in (b"\x00\x00", b"\x00"):
        return {}
    fields = {part[:1].decode("latin-1"): printable(part[1:].decode("utf-8", "replace"), 300) for part in body.split(b"\x00")[:30] if part}
    return fields if all(letter.isascii() and letter.isalpha() for letter in fields) else {}


def _setting(body: bytes) -> tuple[str, str]:
    name, _, value = body.partition(b"\x00")
    return printable(name.decode("utf-8", "replace"), 100), printable(value.rstrip(b"\x00").decode("utf-8", "replace"), 200)


def _add_access(facts: dict[str, Fact], error: dict[str, str], demands: list[int], messages: list[tuple[str, bytes]]) -> None:
    if demands and demands[0] != 0:
        facts["authentication"] = "required"
        facts["login_method"] = _METHODS[demands[0]]
        if demands[0] == 10:  # AuthenticationSASL lists its mechanisms, each zero-terminated
            body = next(body for kind, body in messages if kind == "R")
            names = [printable(name.decode("ascii", "replace"), 40) for name in body[4:].split(b"\x00")[:8] if name]
            facts["login_method"] = ", ".join(names) or "SASL"
    elif demands:
        facts["authentication"] = "none"
    elif error.get("C") == _NOT_LISTED:
        facts["caller_refused"] = True
    if error:
        facts["banner"] = banner_fact(error["M"].encode())
        facts["error"] = error["C"]
        if "F" in error and "L" in error:
            facts["error_raised_at"] = printable(f"{error['F']}:{error['L']}", 100)


def _identity(facts: dict[str, Fact], error: dict[str, str], settings: dict[str, str]) -> Identity:
    told = _SERVER_VERSION.match(settings.get("server_version", ""))
    source = error.get("F", "")
    # Source file and routine are PostgreSQL's own; its relatives written in other languages don't send a .c file.
    is_postgresql = "crdb_version" not in settings and (told is not None or (source.endswith(".c") and "R" in error))
    product, vendor = ("PostgreSQL", "PostgreSQL Global Development Group") if is_postgresql else ("", "")
    if _is_pgbouncer(error):
        product, vendor = "PgBouncer", "PgBouncer project"
    version, revision = (told[1], told[2] or "") if told and is_postgresql else ("", "")
    system = system_from_revision(revision) or ("Windows" if "\\" in source else "")
    if is_postgresql and not version and "V" in error:
        facts["version_at_least"] = "9.6"  # the field V came with it (Error and Notice Message Fields)
    return Identity(
        service=NAME,
        product=product,
        version=version,
        revision=revision,
        vendor=vendor,
        system=system,
        cpe=cpe_name("postgresql", "postgresql", version) if is_postgresql else cpe_name("pgbouncer", "pgbouncer") if product else "",
        why="it answers the beginning of a session as PostgreSQL does",
        sentence=introduce(
            "a go-between for a database" if product == "PgBouncer" else "a database",
            product or "PostgreSQL or a relative",
            version,
            system,
        )
        + _access(facts),
        facts=facts,
    )


def _is_pgbouncer(error: dict[str, str]) -> bool:
    """Whether the error is worded as PgBouncer alone words it (pgbouncer/src/client.c), with its three fields and no more."""
    return error.keys() == {"S", "C", "M"} and _PGBOUNCERS_WORDS.match(error["M"]) is not None


def _access(facts: dict[str, Fact]) -> str:
    if facts["authentication"] == "none":
        return " It let our made-up user past its door without a password: whoever knows a user's name may be let in."
    if facts.get("caller_refused"):
        return " It has no rule that lets this machine in."
    return " It wants a login." if facts["authentication"] == "required" else ""


def _guess(received: bytes, rest: bytes, context: Context, facts: dict[str, Fact]) -> Identity | None:
    """An answer that fits and proves nothing: an error in the form before protocol 3.0, or one letter."""
    if _OLD_ERROR.match(rest):
        facts["banner"] = banner_fact(rest[1:].replace(b"\x00", b""))
        why = "its error has the form of PostgreSQL's old protocol"
    elif received in (b"S", b"N") and context.spoke == NAME:
        why = f"it answered our wish for encryption with the letter {received.decode()}"
    else:
        return None
    sentence = "This seems to be a database (PostgreSQL or a relative)."
    return Identity(service=NAME, certainty=Certainty.INFERRED, why=why, sentence=sentence, facts=facts)
