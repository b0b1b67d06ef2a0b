"""Frames as the standard lays them out, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import iec104
from doorward.identify.probing import Context, Step, Turn

CONFIRMED = b"\x68\x04\x83\x00\x00\x00"
ANSWERS = [CONFIRMED]


def test_reads_the_confirmation() -> None:
    for answer in (CONFIRMED, iec104.first_words("h") + CONFIRMED):
        found = iec104.read(answer, Context())
        assert found is not None
        assert found.facts["authentication"] == "none"
    assert iec104.next_words(CONFIRMED[:5], Context()) is Step.WAIT
    assert iec104.next_words(CONFIRMED, Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", iec104.first_words("h"), CONFIRMED[:5], CONFIRMED + b"x"])
def test_leaves_others_alone(other: bytes) -> None:
    assert iec104.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="iec104", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = iec104.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "iec104"
