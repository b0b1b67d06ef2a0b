"""Which record each verb answers with, and that record's JSON Schema."""

from __future__ import annotations

import importlib
from typing import Any

from doorward.errors import CallError
from doorward.values.records import json_schema

__all__ = ["ANSWERS", "schema"]

#: Verb → where the type of its answer lives. Streams (JSON Lines) name the union of their lines.
ANSWERS = {
    "audit": "doorward.audit.answer:AuditAnswer",
    "changes": "doorward.store.answers:ChangesAnswer",
    "history": "doorward.store.answers:HistoryAnswer",
    "identify": "doorward.identify.answer:IdentifyAnswer",
    "path": "doorward.scan.trail.answer:PathAnswer",
    "ports": "doorward.ports.answer:PortsAnswer",
    "scan": "doorward.scan.answer:ScanLine",
    "sockets": "doorward.sockets.answer:SocketsAnswer",
    "sockets-change": "doorward.sockets.answer:SocketChange",  # a line of sockets --watch --json
    "talk": "doorward.identify.talk_answer:TalkEvent",
    "update": "doorward.identify.fingerprints.answer:FingerprintsAnswer",
}


def schema(verb: str) -> dict[str, Any]:
    """Return the JSON Schema of what ``verb`` prints with ``--json``; raises `CallError` for a verb that has none."""
    if verb not in ANSWERS:
        raise CallError("print the schema of", verb, why="no verb of that name has one", remedy=f"There are: {', '.join(ANSWERS)}.")
    module, name = ANSWERS[verb].split(":")
    return json_schema(getattr(importlib.import_module(module), name))
