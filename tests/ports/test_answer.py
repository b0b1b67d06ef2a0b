"""The answer as a document."""

import jsonschema

from doorward.ports.answer import Asked, PortsAnswer
from doorward.values.records import decode_json, encode_json, json_schema, to_builtins
from doorward.verbs.ports import ports


def test_round_trip_and_schema() -> None:
    answer = ports("443", who=lambda _: [])
    assert decode_json(encode_json(answer), PortsAnswer) == answer
    jsonschema.validate(to_builtins(answer), json_schema(PortsAnswer))
    assert to_builtins(answer)["schema"] == "doorward/ports/1"
    assert answer.asked is Asked.NUMBERS
