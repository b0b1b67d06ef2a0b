"""Frames as the standard lays them out, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import dnp3
from doorward.identify.probing import Context, Turn

# Link status from device 10 to 3; its sum computed by hand with the standard's polynomial.
HEAD = b"\x05\x64\x05\x0b\x03\x00\x0a\x00"
TOLD = HEAD + dnp3.__dict__["_sum"](HEAD)
ANSWERS = [TOLD]


def test_the_sum_is_the_standards() -> None:
    # CRC-16/DNP of "123456789" is 0xEA82 in every catalogue of checksums.
    assert dnp3.__dict__["_sum"](b"123456789") == b"\x82\xea"


def test_reads_the_frame() -> None:
    found = dnp3.read(TOLD, Context())
    assert found is not None
    assert found.facts["device"] == 10
    assert len(dnp3.first_words("h")) == 40


@pytest.mark.parametrize("other", [b"", TOLD[:9], dnp3.first_words("h"), TOLD[:-1] + b"\x00", HEAD[:4] + b"\x04\x00\x0a\x00" + TOLD[8:]])
def test_leaves_others_alone(other: bytes) -> None:
    assert dnp3.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="dnp3", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = dnp3.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "dnp3"
