"""Packets as the documentation lays them out, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import s7comm
from doorward.identify.probing import Context, Step, Turn

CONFIRM = b"\x03\x00\x00\x16\x11\xd0\x00\x01\x00\x02\x00\xc0\x01\x0a\xc1\x02\x01\x00\xc2\x02\x01\x02"
AGREED = b"\x03\x00\x00\x1b\x02\xf0\x80\x32\x03\x00\x00\x00\x00\x00\x08\x00\x00\x00\x00\xf0\x00\x00\x01\x00\x01\x00\xf0"
RECORDS = b"".join(number.to_bytes(2) + text.ljust(32, b"\x00") for number, text in ((1, b"Line 7"), (7, b"CPU 315-2 PN/DP")))
LIST = b"\x02\xf0\x80\x32\x07" + bytes(10) + b"\xff\x09\x00\x4c\x00\x1c\x00\x00\x00\x22\x00\x02" + RECORDS
NAMES = b"\x03\x00" + (len(LIST) + 4).to_bytes(2) + LIST
ANSWERS = [CONFIRM + AGREED + NAMES, CONFIRM + AGREED]


def test_reads_the_names() -> None:
    found = s7comm.read(CONFIRM + AGREED + NAMES, Context())
    assert found is not None
    assert (found.product, found.facts["system_name"], found.vendor) == ("CPU 315-2 PN/DP", "Line 7", "Siemens")


def test_the_conversation_takes_three_steps() -> None:
    turns: list[Turn] = []
    said: bytes | Step = s7comm.first_words("h")
    for answer in (CONFIRM, AGREED, NAMES):
        assert isinstance(said, bytes)
        received = b"".join(turn.received for turn in turns)
        assert s7comm.next_words(received, Context(turns=(*turns, Turn(said, b"")))) is Step.WAIT
        turns.append(Turn(said, answer))
        said = s7comm.next_words(received + answer, Context(turns=tuple(turns)))
    assert said is Step.DONE
    assert s7comm.next_words(b"HT", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", CONFIRM, CONFIRM[:10], AGREED, b"\x03\x00\x00\x0b\x06\xd0\x00\x00\x124\x00"])
def test_leaves_others_alone(other: bytes) -> None:
    assert s7comm.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="s7comm", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = s7comm.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "s7comm"
