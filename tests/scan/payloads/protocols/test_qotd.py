"""Quote of the day: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import qotd
from udp_answers import NONCE, answer_to

A = answer_to("qotd")


def test_the_question_stands_as_written() -> None:
    assert qotd.payload(NONCE) == bytes(512)


def test_an_answer_counts() -> None:
    assert qotd.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"Perpetually", id="one word"),
        pytest.param(b"\x1b]0;title\x07 hello there", id="control characters"),
        pytest.param(b"so " * 200, id="over 512"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not qotd.is_answer(data, NONCE)
