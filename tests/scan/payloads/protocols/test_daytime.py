"""Date and time in words: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import daytime
from udp_answers import NONCE, answer_to

A = answer_to("daytime")


def test_the_question_stands_as_written() -> None:
    assert daytime.payload(NONCE) == bytes.fromhex("0000000000000000000000000000000000000000000000000000000000000000")


def test_an_answer_counts() -> None:
    assert daytime.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"Monday, 23 November 2026\r\n", id="no hour in it"),
        pytest.param(b"\x1b[2J 18:50:19 today", id="control characters"),
        pytest.param(b"18:50 " + b"x" * 200, id="a long text"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not daytime.is_answer(data, NONCE)
