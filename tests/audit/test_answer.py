from __future__ import annotations

import jsonschema

from doorward.audit.answer import AuditAnswer
from doorward.values.records import decode_json, encode_json, json_schema, to_builtins
from doorward.values.verdicts import Attention
from witnesses import answer, identity, probe, socket


def test_an_answer_is_as_its_schema_says_and_survives_json() -> None:
    said = answer(socket("tcp/0.0.0.0:23"), probe("tcp/127.0.0.1:23"), identity("tcp/127.0.0.1:23", "telnet", encrypted=False))
    jsonschema.validate(to_builtins(said), json_schema(AuditAnswer))
    assert decode_json(encode_json(said), AuditAnswer) == said
    assert said.count(Attention.NEEDS_YOU) == 1
