"""Replies of SOCKS 4, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import socks4
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

ANSWERS = [b"\x00\x5b\x00\x00\x00\x00\x00\x00", b"\x00\x5a\x00\x00\x00\x00\x00\x00"]


@pytest.mark.parametrize(("code", "authentication"), [(90, "none"), (91, "unknown"), (92, "required"), (93, "required")])
def test_the_reply_is_read(code: int, authentication: str) -> None:
    answer = bytes([0, code]) + bytes(6)
    found = socks4.read(answer, Context(spoke="socks4"))
    assert found is not None
    assert found.facts["authentication"] == authentication
    assert socks4.read(answer, Context(spoke="http")) is None
    hint = socks4.read(answer, Context(spoke="socks5"))
    assert hint is not None
    assert hint.certainty is Certainty.INFERRED


def test_the_conversation_is_short() -> None:
    assert len(socks4.first_words("h")) == 9
    assert socks4.next_words(ANSWERS[0][:7], Context()) is Step.WAIT
    assert socks4.next_words(ANSWERS[0], Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", b"\x00\x5b", bytes(8), b"\x05\xff", b"\x04\x5b" + bytes(6), b"\x00\x5b" + bytes(7)])
def test_leaves_others_alone(other: bytes) -> None:
    assert socks4.read(other, Context(spoke="socks4")) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="socks4", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = socks4.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "socks4"
