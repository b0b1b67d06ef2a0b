"""Answers of a real Java machine's debugger door, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import jdwp
from doorward.identify.probing import Context, Step, Turn

# OpenJDK 17.0.15 (Debian 12).
HANDS = b"JDWP-Handshake"
TEXT = (
    b"Java Debug Wire Protocol (Reference Implementation) version 17.0\nJVM Debug Interface version 17.0\n"
    b"JVM version 17.0.15 (OpenJDK 64-Bit Server VM, mixed mode, sharing)"
)
REST = b"\x00\x00\x00\x11\x00\x00\x00\x00\x00\x00\x00\x0717.0.15\x00\x00\x00\x18OpenJDK 64-Bit Server VM"
TOLD = HANDS + b"\x00\x00\x00\xe3\x00\x00\x00\x01\x80\x00\x00\x00\x00\x00\xa5" + TEXT + REST
ANSWERS = [TOLD, HANDS]
ASKED = Context(spoke="jdwp", turns=(Turn(HANDS, HANDS), Turn(b"\x00\x00\x00\x0b\x00\x00\x00\x01\x00\x01\x01", TOLD[14:])))


def test_reads_the_version() -> None:
    found = jdwp.read(TOLD, ASKED)
    assert found is not None
    assert (found.product, found.version, found.facts["runs_code"]) == ("OpenJDK", "17.0.15", True)
    bare = jdwp.read(HANDS, Context(spoke="jdwp", turns=(Turn(HANDS, HANDS),)))
    assert bare is not None
    assert bare.product == ""


def test_the_conversation_asks_once() -> None:
    assert jdwp.next_words(HANDS[:5], Context()) is Step.WAIT
    asked = jdwp.next_words(HANDS, Context(turns=(Turn(HANDS, HANDS),)))
    assert asked == ASKED.turns[1].sent
    assert jdwp.next_words(TOLD[:-1], ASKED) is Step.WAIT
    assert jdwp.next_words(TOLD, ASKED) is Step.DONE
    assert jdwp.next_words(b"HTTP", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", HANDS[:13], b"HTTP/1.1 400\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert jdwp.read(other, ASKED) is None
    assert jdwp.read(HANDS, Context()) is None  # an echo of somebody else's words


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="jdwp", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = jdwp.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "jdwp"
