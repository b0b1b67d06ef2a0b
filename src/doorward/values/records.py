"""Records in and out of JSON: one encoder, one decoder and one schema writer for every value that leaves or enters.

Knows the values' own types (`Address`, `PortSet`), which stand in JSON as their text. What is written is pure ASCII, so that
hostile text can't act on the terminal that shows it.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from doorward.errors import CallError, DoorwardBug
from doorward.values.addresses import Address
from doorward.values.portsets import PortSet
from doorward.values.printable import escape_json_text

__all__ = ["decode_json", "encode_json", "json_schema", "to_builtins"]

T = TypeVar("T")

_TEXT_TYPES: tuple[type[Address] | type[PortSet], ...] = (Address, PortSet)


def encode_json(value: object, *, indent: int = 0) -> str:
    """Write ``value`` as JSON in ASCII, on one line unless ``indent`` is given."""
    encoded = msgspec.json.encode(value, enc_hook=_to_text, order="deterministic")
    return escape_json_text((msgspec.json.format(encoded, indent=indent) if indent else encoded).decode())


def decode_json(text: str | bytes, shape: type[T]) -> T:
    """Read JSON into ``shape``; raises `CallError` that names the place in the document."""
    try:
        return msgspec.json.decode(text, type=shape, dec_hook=_from_text)
    except msgspec.MsgspecError as error:
        raise CallError("read the JSON document", why=str(error)) from None


def to_builtins(value: object) -> Any:
    """Return ``value`` as dictionaries, lists and scalars, as JSON would hold it."""
    return msgspec.to_builtins(value, enc_hook=_to_text)


def json_schema(shape: Any) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a record type."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(shape, schema_hook=_schema)}


def _to_text(value: object) -> str:
    if isinstance(value, _TEXT_TYPES):
        return str(value)
    raise DoorwardBug("write as JSON", type(value).__name__, why="the type has no JSON form")


def _from_text(shape: type, value: object) -> Any:
    if shape in _TEXT_TYPES:
        if not isinstance(value, str):
            raise CallError("read from JSON", repr(value), why="a text is expected here")
        return shape.parse(value)
    raise DoorwardBug("read from JSON", getattr(shape, "__name__", str(shape)), why="the type has no JSON form")


def _schema(shape: type) -> dict[str, Any]:
    if shape is Address:
        return {"type": "string", "description": "an IPv4 or IPv6 address, with %interface behind it where it has a scope"}
    if shape is PortSet:
        return {"type": "string", "description": "ports: T:22,80-90,U:53"}
    raise DoorwardBug("write the schema of", shape.__name__, why="the type has no JSON form")
