"""Character generator: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import chargen
from udp_answers import NONCE, answer_to

A = answer_to("chargen")


def test_the_question_stands_as_written() -> None:
    assert chargen.payload(NONCE) == bytes(512)


def test_an_answer_counts() -> None:
    assert chargen.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:5] + b"\x1b" + A[6:], id="control characters"),
        pytest.param(b"the quick brown fox jumps over the lazy dog", id="text in no order"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not chargen.is_answer(data, NONCE)
