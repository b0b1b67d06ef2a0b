"""The answer of a real Tomcat, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import ajp
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# Tomcat 10.1.60 (Debian 12).
PONG = b"AB\x00\x01\x09"
ANSWERS = [PONG]


def test_reads_the_pong() -> None:
    found = ajp.read(PONG, Context())
    assert found is not None
    assert (found.certainty, found.facts["authentication"]) == (Certainty.MEASURED, "unknown")
    assert ajp.next_words(PONG[:3], Context()) is Step.WAIT
    assert ajp.next_words(PONG, Context()) is Step.DONE
    assert ajp.next_words(b"HT", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", PONG[:4], PONG + b"x", b"\x12\x34\x00\x01\x0a", b"AB\x00\x01\x08"])
def test_leaves_others_alone(other: bytes) -> None:
    assert ajp.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="ajp", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = ajp.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "ajp"
