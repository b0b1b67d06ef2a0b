import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import WorldError
from doorward.identify.fingerprints.compact import HEAD_BYTES, decode_field, decode_index, encode_file, index_length
from doorward.identify.fingerprints.fingerprint import Field, Fingerprint

FIELDS = [Field(name, "ssh", (Fingerprint(1, "x", False, True, ("x",), name, ((0, "a.b", "c"),)),)) for name in ("one", "two")]


def test_there_and_back() -> None:
    content = encode_file("Recog", "2026-05-01T00:00:00+00:00", FIELDS)
    length = index_length(content[:HEAD_BYTES])
    index = decode_index(content[HEAD_BYTES : HEAD_BYTES + length])
    assert (index.source, [part.name for part in index.parts]) == ("Recog", ["one", "two"])
    start = HEAD_BYTES + length
    read = [decode_field(content[start + part.offset : start + part.offset + part.size]) for part in index.parts]
    assert read == FIELDS


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for decode in (index_length, decode_index, decode_field):
        try:
            decode(data)
        except WorldError:
            continue


def test_a_bomb_is_refused() -> None:
    import zlib

    with pytest.raises(WorldError, match=r"damaged\. Install the fingerprints again"):
        decode_field(zlib.compress(b"\x90" * 100_000_000, 9))
