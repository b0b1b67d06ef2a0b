"""The handshake of a real streaming server, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import rtmp
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# nginx 1.22.1 with the RTMP module 1.2.2 (Debian 12) gives all our bytes back, also as its own.
OURS = b"doorward" * 191
TOLD = b"\x03" + bytes(8) + OURS + bytes(8) + OURS
ANSWERS = [TOLD]


def test_reads_the_handshake() -> None:
    found = rtmp.read(TOLD, Context())
    assert found is not None
    assert found.certainty is Certainty.MEASURED
    assert rtmp.first_words("h") == TOLD[:1537]
    assert rtmp.next_words(TOLD[:-1], Context()) is Step.WAIT
    assert rtmp.next_words(TOLD, Context()) is Step.DONE
    assert rtmp.next_words(b"HT", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", TOLD[:-1], b"\x06" + TOLD[1:], TOLD[:1545] + b"x" * 1528, TOLD[:1537]])
def test_leaves_others_alone(other: bytes) -> None:
    assert rtmp.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="rtmp", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = rtmp.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "rtmp"
