"""MongoDB's records, written and read back."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes._bson import decode_document, encode_document

names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=10)
values = st.one_of(st.integers(-(2**31), 2**31 - 1), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(names, values, max_size=8))
def test_texts_and_numbers_come_back(fields: dict[str, str | int]) -> None:
    assert decode_document(encode_document(fields)) == fields


def field(kind: int, name: bytes, value: bytes) -> bytes:
    return bytes((kind,)) + name + b"\0" + value


def document(*fields: bytes) -> bytes:
    body = b"".join(fields)
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def test_the_other_kinds() -> None:
    inner = document(field(0x10, b"0", struct.pack("<i", 7)))
    read = decode_document(
        document(
            field(0x01, b"double", struct.pack("<d", 1.0)),
            field(0x08, b"bool", b"\x01"),
            field(0x0A, b"null", b""),
            field(0x09, b"date", struct.pack("<q", 5)),
            field(0x05, b"binary", struct.pack("<i", 2) + b"\0ab"),
            field(0x04, b"array", inner),
            field(0x07, b"id", b"0123456789ab"),
        )
    )
    assert read == {"double": 1.0, "bool": True, "null": None, "date": 5, "binary": b"ab", "array": {"0": 7}, "id": b"0123456789ab"}


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x05\0\0\0",
        b"\xff\xff\xff\x7f\0",
        b"\x05\0\0\0\x01",
        document(b"\x02name"),
        document(field(0x02, b"a", struct.pack("<i", 99) + b"x")),
        document(field(0x02, b"a", struct.pack("<i", -1) + b"x")),
        document(field(0x44, b"a", bytes(8))),
        document(field(0x01, b"a", b"123")),
    ],
)
def test_lies_are_the_peers_error(broken: bytes) -> None:
    with pytest.raises(PeerError):
        decode_document(broken)


def test_depth_is_bounded() -> None:
    nested = document()
    for _ in range(50):
        nested = document(field(0x03, b"a", nested))
    with pytest.raises(PeerError):
        decode_document(nested)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    try:
        decode_document(struct.pack("<i", len(data) + 5) + data + b"\0")
    except PeerError:
        return
