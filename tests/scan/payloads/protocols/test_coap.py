"""Small devices (CoAP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import coap
from udp_answers import NONCE, answer_to

A = answer_to("coap")


def test_the_question_stands_as_written() -> None:
    assert coap.payload(NONCE) == bytes.fromhex(
        "40007081"  # the nonce
    )


def test_an_answer_counts() -> None:
    assert coap.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x60" + A[1:], id="an acknowledgment"),
        pytest.param(A + b"\xff", id="with more behind it"),
        pytest.param(b"\xb0" + A[1:], id="another version"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not coap.is_answer(data, NONCE)
