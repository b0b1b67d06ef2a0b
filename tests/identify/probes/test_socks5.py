"""Answers of real SOCKS 5 proxies, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import socks5
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

OFFER = b"\x05\x02\x00\x02"
TOR = b"HTTP/1.0 501 Tor is not an HTTP Proxy\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<html>"
ANSWERS = [b"\x05\x02", b"\x05\x00", TOR]


def own(received: bytes) -> Context:
    return Context(spoke="socks5", turns=(Turn(OFFER, received),))


@pytest.mark.parametrize(
    ("answer", "authentication"),
    [(b"\x05\x02", "required"), (b"\x05\x00", "none"), (b"\x05\xff", "unknown")],  # microsocks 1.0.3 with and without a password
)
def test_the_choice_is_read(answer: bytes, authentication: str) -> None:
    found = socks5.read(answer, own(answer))
    assert found is not None
    assert (found.facts["authentication"], found.certainty) == (authentication, Certainty.MEASURED)


def test_an_answer_to_other_words_is_a_hint() -> None:
    found = socks5.read(b"\x05\xff", Context(spoke="http", turns=(Turn(b"GET / HTTP/1.1\r\n\r\n", b"\x05\xff"),)))
    assert found is not None
    assert found.certainty is Certainty.INFERRED
    assert socks5.read(b"\x05\x00", Context(spoke="http", turns=(Turn(b"GET /", b"\x05\x00"),))) is None


def test_tor_names_itself() -> None:
    found = socks5.read(TOR, Context(spoke="http"))
    assert found is not None
    assert found.product == "Tor"


def test_the_conversation_is_short() -> None:
    assert socks5.first_words("h") == OFFER
    assert socks5.next_words(b"\x05", Context()) is Step.WAIT
    assert socks5.next_words(b"\x05\x00", Context()) is Step.DONE
    assert socks5.next_words(b"H", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", b"\x05", b"\x05\x00\x00", b"\x05\x07", b"\x04\x00", b"HTTP/1.1 501 Not Implemented\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert socks5.read(other, own(other)) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="socks5", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = socks5.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "socks5"
