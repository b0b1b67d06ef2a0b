"""The option negotiation as a table, and what holds for every stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import telnet
from doorward.identify.probes._telnet_stream import decode_negotiation
from doorward.identify.probing import Context, Step, Turn

NEGOTIATIONS = [
    # received, refusals, text
    (b"\xff\xfd\x18", b"\xff\xfc\x18", b""),
    (b"\xff\xfb\x01", b"\xff\xfe\x01", b""),
    (b"\xff\xfc\x01\xff\xfe\x18", b"", b""),  # what is refused needs no answer
    (b"\xff\xfd\x18\xff\xfd\x18\xff\xfd\x18", b"\xff\xfc\x18", b""),  # nor does what was answered
    (b"a\xff\xffb", b"", b"a\xffb"),
    (b"\xff\xfa\x18\x01\xff\xf0login: ", b"", b"login: "),
    (b"x\xff\xfa\x18never ends", b"", b"x"),
    (b"x\xff", b"", b"x"),
    (b"x\xff\xfd", b"", b"x"),
    (b"\xff\xf9hi", b"", b"hi"),
    (b"\xff\xfd\xf0", b"", b""),  # an option that nobody has assigned
]


@pytest.mark.parametrize(("received", "refusals", "text"), NEGOTIATIONS)
def test_negotiation(received: bytes, refusals: bytes, text: bytes) -> None:
    negotiation = decode_negotiation(received)
    assert negotiation.refusals == refusals
    assert negotiation.text == text


@given(st.binary(max_size=400), st.integers(0, 400))
def test_answers_only_ever_grow(received: bytes, cut: int) -> None:
    """What was answered for a part of a stream is the beginning of what is answered for the whole."""
    whole = decode_negotiation(received).refusals
    assert whole.startswith(decode_negotiation(received[:cut]).refusals)


@given(st.lists(st.tuples(st.sampled_from([251, 252, 253, 254]), st.integers(0, 40)), max_size=300))
def test_a_server_that_offers_for_ever_is_answered_once(offers: list[tuple[int, int]]) -> None:
    received = b"".join(bytes((255, verb, option)) for verb, option in offers)
    refusals = decode_negotiation(received).refusals
    assert len(refusals) <= 3 * 64
    said = telnet.next_words(received, Context(turns=(Turn(refusals, b""),)))
    assert isinstance(said, Step)
