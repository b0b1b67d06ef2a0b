"""MongoDB: asks the server who it is and of which version; reads no collection and logs in nowhere."""

from __future__ import annotations

import struct
from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._bson import Value, decode_document, encode_document
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
    "decode_answers",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "mongodb"
TITLE: Final = "MongoDB: a database of documents"
SOURCE: Final = "MongoDB wire protocol, OP_MSG; commands hello, buildInfo, hostInfo"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    27017,
    27018,
    27019,
)  # MongoDB's manual: server, shard, configuration server
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_MESSAGE: Final = 2013  # OP_MSG
_REPLY: Final = 1  # OP_REPLY, servers before 3.6
_FIRST_ID: Final = 0x446F6F72
# The last one is refused to strangers where logins are wanted, and tells of the system otherwise.
_COMMANDS: Final = ("hello", "buildInfo", "hostInfo")
_UNAUTHORIZED: Final = 13  # mongo/src/mongo/base/error_codes.yml


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask who it is."""
    return _question(0)


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask one question after the other."""
    answers = decode_answers(received)
    if not answers:
        return Step.WAIT if len(received) < 16 or _is_ours(received) else Step.DONE
    said = {turn.sent for turn in context.turns}
    number = next((number for number in range(1, len(_COMMANDS)) if _question(number) not in said), 0)
    waiting = max(answers) < len(said - {b""}) - 1
    if waiting:
        return Step.WAIT
    return _question(number) if number else Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answers; those that repeat the number of our question count."""
    answers = decode_answers(received[:MAX_BYTES])
    if not answers:
        return None
    hello, build, machine = (answers.get(number, {}) for number in range(3))
    version = printable(str(build.get("version", "")), 40)
    product = _product(hello, build, version)
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "unknown"}
    if machine:
        facts["authentication"] = "none" if machine.get("ok") == 1 else "required" if machine.get("code") == _UNAUTHORIZED else "unknown"
    for name, ours in (("setName", "replica_set"), ("me", "member"), ("maxWireVersion", "wire_version"), ("msg", "role")):
        value = hello.get(name)
        if isinstance(value, str | int):
            facts[ours] = printable(value, 100) if isinstance(value, str) else value
    system = machine.get("os")
    named = " ".join(str(system[name]) for name in ("name", "version") if system.get(name)) if isinstance(system, dict) else ""
    about = machine.get("system")
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor={"MongoDB": "MongoDB", "FerretDB": "FerretDB"}.get(product, ""),
        system=printable(named, 100),
        host_name=printable(str(about.get("hostname", "")), 200) if isinstance(about, dict) else "",
        cpe=cpe_name("mongodb", "mongodb", version) if product == "MongoDB" else "",
        why="it answers in MongoDB's own records and repeats our question's number",
        sentence=introduce("a database of documents", product, version, printable(named, 100)) + _advice(facts),
        facts=facts,
    )


def decode_answers(received: bytes) -> dict[int, dict[str, Value]]:
    """Read whole answers to our questions, by the question's number.

    Each begins with its length, its own id, the id it answers and the kind (4 bytes each, little end first); then flags (4) and a kind
    of section (1) in OP_MSG, or flags, cursor, start and count (20) in OP_REPLY; then a document.
    """
    answers: dict[int, dict[str, Value]] = {}
    place = 0
    while len(received) >= place + 16 and len(answers) < len(_COMMANDS):
        size, _, answered, kind = struct.unpack_from("<iiii", received, place)
        skipped = {_MESSAGE: 21, _REPLY: 36}.get(kind, 0)
        if not skipped or not 0 <= answered - _FIRST_ID < len(_COMMANDS) or size < skipped + 5 or len(received) < place + size:
            break
        answers[answered - _FIRST_ID] = decode_document(received[place : place + size], skipped)
        place += size
    return answers


def _question(number: int) -> bytes:
    body = bytes(5) + encode_document({_COMMANDS[number]: 1, "$db": "admin"})
    return struct.pack("<iiii", 16 + len(body), _FIRST_ID + number, 0, _MESSAGE) + body


def _is_ours(received: bytes) -> bool:
    """Whether what comes is an answer to us that is not whole yet."""
    _, _, answered, kind = struct.unpack_from("<iiii", received)
    return kind in (_MESSAGE, _REPLY) and 0 <= answered - _FIRST_ID < len(_COMMANDS)


def _product(hello: dict[str, Value], build: dict[str, Value], version: str) -> str:
    if "ferretdbVersion" in build or "ferretdb" in build:
        return "FerretDB"
    if "_t" in build or "cosmos" in str(build).lower():
        return "Azure Cosmos DB"
    genuine = "gitVersion" in build and ("modules" in build or "javascriptEngine" in build)
    return "MongoDB" if (genuine and version) or "topologyVersion" in hello else ""


def _advice(facts: dict[str, Fact]) -> str:
    if facts["authentication"] == "none":
        return " Whoever reaches it may read and change everything in it: it asks for no password."
    return " It wants a login." if facts["authentication"] == "required" else ""
