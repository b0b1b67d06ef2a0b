"""Services of a network (SLP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import slp
from udp_answers import NONCE, answer_to

A = answer_to("slp")


def test_the_question_stands_as_written() -> None:
    assert slp.payload(NONCE) == bytes.fromhex(
        "02010000310000000000"
        "7081"  # the nonce
        "0002656e00000010736572766963653a646f6f7277617264000744454641554c5400000000"
    )


def test_an_answer_counts() -> None:
    assert slp.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:1] + b"\1" + A[2:], id="a question"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(b"\1" + A[1:], id="version 1"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not slp.is_answer(data, NONCE)
