"""Routes between routers (RIP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import rip
from udp_answers import NONCE, answer_to

A = answer_to("rip")


def test_the_question_stands_as_written() -> None:
    assert rip.payload(NONCE) == bytes.fromhex(
        "0102000000020000"
        "5e6f7081"  # the nonce
        "ffffffff0000000000000010"
    )


def test_an_answer_counts() -> None:
    assert rip.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x01" + A[1:], id="a question"),
        pytest.param(A[:-1] + b"\x11", id="farther than infinity"),
        pytest.param(A + A[4:], id="two entries"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not rip.is_answer(data, NONCE)
