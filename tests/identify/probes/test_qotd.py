"""A short text is a quote of the day on its own port alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import qotd
from doorward.identify.probing import Context
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

ITS_PORT = Context(port=17, closed=True)
QUOTES = [
    b'"Be conservative in what you do, be liberal in what you accept from others." (RFC 793)\r\n',
    "Die Grenzen meiner Sprache bedeuten die Grenzen meiner Welt. — Wittgenstein\r\n".encode(),
]


@pytest.mark.parametrize("quote", QUOTES)
def test_a_short_text_on_its_port_is_a_guess(quote: bytes) -> None:
    found = qotd.read(quote, ITS_PORT)
    assert found is not None
    assert found.certainty is Certainty.INFERRED
    assert qotd.read(quote, Context(port=17, transport=Transport.UDP)) is not None
    assert qotd.read(quote, Context(port=1717, closed=True)) is None
    assert qotd.read(quote, Context(port=17)) is None  # it goes on: no quote
    assert qotd.read(quote, Context(port=17, closed=True, spoke="http")) is None


@pytest.mark.parametrize(
    "other", [b"", b"hello", b"nothingbutoneword", b"\xff\xfd\x18\xff\xfd\x20 and more", b"words " * 100, b"an \x1b[2J escape"]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert qotd.read(other, ITS_PORT) is None


@given(st.binary(max_size=700))
def test_any_bytes_are_survived(received: bytes) -> None:
    found = qotd.read(received, ITS_PORT)
    assert found is None or 12 <= len(received) <= 512
