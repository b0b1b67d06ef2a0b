"""What a real iperf3 says, and what must be read from it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import iperf3
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

ANSWERS = [b"\x09\x0a", b"\x09", b"\xff"]


def asked(*turns: tuple[bytes, bytes]) -> Context:
    return Context(spoke="iperf3", port=5201, turns=tuple(Turn(*turn) for turn in turns))


def test_the_conversation_ends_before_a_measurement() -> None:
    cookie = iperf3.first_words("h")
    assert len(cookie) == 37
    wishes = iperf3.next_words(b"\x09", asked((cookie, b"\x09")))
    assert isinstance(wishes, bytes)
    assert json.loads(wishes[4:])["tcp"] is True
    assert int.from_bytes(wishes[:4]) == len(wishes) - 4
    assert iperf3.next_words(b"\x09", asked((cookie, b"\x09"), (wishes, b""))) is Step.WAIT
    context = asked((cookie, b"\x09"), (wishes, b"\x0a"))
    assert iperf3.next_words(b"\x09\x0a", context) is Step.DONE
    found = iperf3.read(b"\x09\x0a", context)
    assert found is not None
    assert (found.certainty, found.facts["authentication"]) == (Certainty.MEASURED, "none")


def test_one_byte_is_a_hint() -> None:
    found = iperf3.read(b"\x09", Context(spoke="http"))
    assert found is not None
    assert found.certainty is Certainty.INFERRED
    busy = iperf3.read(b"\xff", asked((b"c", b"\xff")))
    assert busy is not None
    assert busy.facts["busy"] is True


@pytest.mark.parametrize("other", [b"", b"\x09\x0a", b"\x0a", b"\xff", b"\x09\x09", b"\tHTTP"])
def test_leaves_others_alone(other: bytes) -> None:
    assert iperf3.read(other, Context(spoke="http")) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="iperf3", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = iperf3.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "iperf3"
