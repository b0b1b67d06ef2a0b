"""Echo: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import echo
from udp_answers import NONCE, answer_to

A = answer_to("echo")


def test_the_question_stands_as_written() -> None:
    assert echo.payload(NONCE) == bytes.fromhex(
        "646f6f72776172641a2b3c4d5e6f7081"  # the nonce
    )


def test_an_answer_counts() -> None:
    assert echo.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:-1], id="cut short"),
        pytest.param(A + b"!", id="with more behind it"),
        pytest.param(b"DOORWARD" + A[8:], id="another text"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not echo.is_answer(data, NONCE)
