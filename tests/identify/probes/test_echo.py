"""What counts as an echo, and what doesn't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import echo
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

LINE = echo.first_words("h")


def said(*words: bytes, spoke: str = "echo") -> Context:
    return Context(spoke=spoke, port=7, turns=tuple(Turn(word, b"") for word in words))


def test_a_line_and_an_odd_line_that_come_back_prove_it() -> None:
    odd = echo.next_words(LINE, said(LINE))
    assert isinstance(odd, bytes)
    assert echo.next_words(LINE[:5], said(LINE)) is Step.WAIT
    assert echo.next_words(LINE + odd[:3], said(LINE, odd)) is Step.WAIT
    assert echo.next_words(LINE + odd, said(LINE, odd)) is Step.DONE
    found = echo.read(LINE + odd, said(LINE, odd))  # as xinetd 2.3.15 answers, in TCP and UDP
    assert found is not None
    assert found.certainty is Certainty.MEASURED
    assert len(LINE + odd) < 64  # what we send may be sent on to others under our name: keep it small


def test_one_line_is_a_guess_in_whatever_protocol_it_was_said() -> None:
    for words, spoke in ((LINE, "echo"), (b"GET / HTTP/1.1\r\n\r\n", "http")):
        found = echo.read(words, said(words, spoke=spoke))
        assert found is not None
        assert found.certainty is Certainty.INFERRED


@pytest.mark.parametrize("other", [b"", LINE[:-1], LINE + b"\n", LINE.upper(), b"login: " + LINE])
def test_leaves_others_alone(other: bytes) -> None:
    assert echo.read(other, said(LINE)) is None


def test_short_words_prove_nothing() -> None:
    assert echo.read(b"\r\n", said(b"\r\n", spoke="finger")) is None
    assert echo.read(b"", Context()) is None


def test_a_terminal_that_changes_the_odd_line_is_no_echo() -> None:
    odd = echo.next_words(LINE, said(LINE))
    assert isinstance(odd, bytes)
    assert echo.read(LINE + odd.replace(b"\x00", b"^@"), said(LINE, odd)) is None
    assert echo.next_words(b"Hello, who are you?", said(LINE)) is Step.DONE


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_only_the_same_bytes_are_an_echo(sent: bytes, received: bytes) -> None:
    found = echo.read(received, said(sent))
    assert (found is not None) == (sent == received and len(sent) >= 8)
