"""The state as apcupsd's manual shows it, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import apcupsd
from doorward.identify.probing import Context, Step, Turn


def framed(*lines: bytes) -> bytes:
    return b"".join(len(line).to_bytes(2) + line for line in lines) + b"\x00\x00"


STATE = framed(
    b"APC      : 001,018,0453\n",
    b"HOSTNAME : lab\n",
    b"VERSION  : 3.14.14 (31 May 2016) debian\n",
    b"UPSNAME  : rack\n",
    b"MODEL    : Smart-UPS 1500\n",
    b"STATUS   : ONLINE \n",
)
ANSWERS = [STATE]


def test_reads_the_state() -> None:
    found = apcupsd.read(STATE, Context())
    assert found is not None
    assert (found.version, found.system, found.host_name) == ("3.14.14", "Debian", "lab")
    assert (found.facts["model"], found.facts["status"]) == ("Smart-UPS 1500", "ONLINE")


def test_the_conversation_ends_with_a_zero() -> None:
    assert apcupsd.next_words(STATE[:-2], Context()) is Step.WAIT
    assert apcupsd.next_words(STATE, Context()) is Step.DONE
    assert apcupsd.next_words(b"HTTP", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", STATE[:20], framed(b"XPC : 1\n"), bytes(30), b"\xff" * 30])
def test_leaves_others_alone(other: bytes) -> None:
    assert apcupsd.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="apcupsd", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = apcupsd.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "apcupsd"
