"""A datagram without content: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import empty
from udp_answers import NONCE, answer_to

A = answer_to("empty")


def test_the_question_stands_as_written() -> None:
    assert empty.payload(NONCE) == b""


def test_an_answer_counts() -> None:
    assert empty.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not empty.is_answer(data, NONCE)
