"""The container of the shipped files."""

import contextlib
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import DoorwardBug
from doorward.ports.packing import pack, unpack


@given(st.binary(max_size=500))
def test_round_trip_and_gzip_can_read_it(document: bytes) -> None:
    assert unpack(pack(document)) == document
    assert gzip.decompress(pack(document)) == document


@given(st.binary(max_size=200))
def test_any_bytes_give_a_document_or_our_error(data: bytes) -> None:
    with contextlib.suppress(DoorwardBug):
        unpack(data)


def test_a_bomb_is_refused() -> None:
    with pytest.raises(DoorwardBug, match="too large"):
        unpack(pack(bytes(65 << 20)))


def test_a_cut_file_is_refused() -> None:
    with pytest.raises(DoorwardBug, match="cut off"):
        unpack(pack(b"a" * 100)[:-9])
