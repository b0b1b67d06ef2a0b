from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.wire.options import GarbledOptions, Option, decode_options, encode_options
from wire_values import option_lists, patient

TABLE = [
    ("", ()),
    ("01010101", (Option(1),) * 4),
    ("020405b4", (Option(2, b"\x05\xb4"),)),
    ("01000203", (Option(1), Option(0, b"\x02\x03"))),
    ("fe06aabbccdd0101", (Option(254, b"\xaa\xbb\xcc\xdd"), Option(1), Option(1))),
    ("01020000", (Option(1), GarbledOptions(b"\x02\x00\x00"))),
    ("01010809", (Option(1), Option(1), GarbledOptions(b"\x08\x09"))),
    ("01010108", (Option(1), Option(1), Option(1), GarbledOptions(b"\x08"))),
]


@pytest.mark.parametrize(("data", "options"), TABLE, ids=[row[0] or "none" for row in TABLE])
def test_table(data: str, options: tuple[Option | GarbledOptions, ...]) -> None:
    assert decode_options(bytes.fromhex(data)) == options
    assert encode_options(options) == bytes.fromhex(data)


@patient
@given(option_lists)
def test_round_trip(options: tuple[Option, ...]) -> None:
    assert decode_options(encode_options(options)) == options


@patient
@given(st.binary(max_size=10).map(lambda words: words * 4))
def test_any_bytes_survive(data: bytes) -> None:
    assert encode_options(decode_options(data)) == data


def test_a_header_has_room_for_forty_bytes() -> None:
    assert len(encode_options((Option(9, bytes(35)),))) == 40
    with pytest.raises(CallError, match="room for 40"):
        encode_options((Option(9, bytes(39)),))
