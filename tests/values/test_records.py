from __future__ import annotations

import json
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, DoorwardBug
from doorward.values.addresses import Address
from doorward.values.portsets import PortSet
from doorward.values.records import decode_json, encode_json, json_schema, to_builtins


class Example(msgspec.Struct, frozen=True):
    address: Address
    ports: PortSet
    text: str
    schema: Literal["doorward/example/1"] = "doorward/example/1"


@given(st.text(max_size=50))
def test_any_text_survives_and_what_is_written_is_ascii(text: str) -> None:
    example = Example(Address.parse("fe80::1%eth0"), PortSet.parse("T:22,U:53"), text.encode("utf-8", "ignore").decode())
    for indent in (0, 2):
        written = encode_json(example, indent=indent)
        assert written.isascii()
        assert all(c.isprintable() or c == "\n" for c in written)
        assert json.loads(written)["text"] == example.text
        assert decode_json(written, Example) == example


def test_the_schema_says_what_the_values_are() -> None:
    schema = json_schema(Example)
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["$defs"]["Example"]["properties"]["address"]["type"] == "string"


def test_builtins_hold_texts() -> None:
    assert to_builtins(Address.parse("::1")) == "::1"


def test_wrong_documents_are_the_callers_error() -> None:
    with pytest.raises(CallError):
        decode_json('{"address": 5}', Example)
    with pytest.raises(CallError):
        decode_json("not json", Example)
    with pytest.raises(CallError):
        decode_json('{"address": "nowhere", "ports": "22", "text": ""}', Example)


def test_types_without_a_json_form_are_our_bug() -> None:
    with pytest.raises(DoorwardBug):
        encode_json(object())
