"""Answers of a real PPTP daemon, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import pptp
from doorward.identify.probing import Context, Step, Turn

# PoPToP 1.4.0 (Debian 12).
POPTOP = (
    b"\x00\x9c\x00\x01\x1a+<M\x00\x02\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01"
    + b"local".ljust(64, b"\x00")
    + b"linux".ljust(64, b"\x00")
)
ANSWERS = [POPTOP]


def test_reads_a_real_answer() -> None:
    found = pptp.read(POPTOP, Context())
    assert found is not None
    assert (found.product, found.system, found.host_name, found.facts["firmware"]) == ("PoPToP", "Linux", "", 1)
    assert found.facts["accepts_callers"] is True


def test_other_makers_are_named() -> None:
    found = pptp.read(POPTOP[:28] + b"gate".ljust(64, b"\x00") + b"MikroTik".ljust(64, b"\x00"), Context())
    assert found is not None
    assert (found.product, found.host_name) == ("RouterOS", "gate")


def test_the_conversation_is_one_message() -> None:
    assert len(pptp.first_words("h")) == 156
    assert pptp.next_words(POPTOP[:100], Context()) is Step.WAIT
    assert pptp.next_words(POPTOP, Context()) is Step.DONE
    assert pptp.next_words(b"HTTP/1.1 400", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", POPTOP[:-1], pptp.first_words("h"), bytes(156)])
def test_leaves_others_alone(other: bytes) -> None:
    assert pptp.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="pptp", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = pptp.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "pptp"
