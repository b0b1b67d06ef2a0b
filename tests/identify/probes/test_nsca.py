"""Greetings laid out as a real NSCA 2.10 (Debian 12) sends them, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import nsca
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

RANDOM = bytes((number * 97 + 13) % 256 for number in range(128))
TOLD = RANDOM + b"\x6b\x04\x8a\x47"
ANSWERS = [TOLD]


def test_reads_the_greeting_at_home_alone() -> None:
    found = nsca.read(TOLD, Context(port=5667))
    assert found is not None
    assert found.certainty is Certainty.INFERRED
    assert nsca.read(TOLD, Context(port=80)) is None
    assert nsca.next_words(TOLD[:-1], Context()) is Step.WAIT
    assert nsca.next_words(TOLD, Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", TOLD[:-1], RANDOM + bytes(4), b"a" * 128 + TOLD[128:], TOLD + b"x"])
def test_leaves_others_alone(other: bytes) -> None:
    assert nsca.read(other, Context(port=5667)) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="nsca", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = nsca.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "nsca"
