"""Short-term memory of web sites (memcached): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import memcached
from udp_answers import NONCE, answer_to

A = answer_to("memcached")


def test_the_question_stands_as_written() -> None:
    assert memcached.payload(NONCE) == bytes.fromhex(
        "7081"  # the nonce
        "00000001000076657273696f6e0d0a"
    )


def test_an_answer_counts() -> None:
    assert memcached.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:3] + b"\x01" + A[4:], id="the second of two packets"),
        pytest.param(A[:-2], id="no end of line"),
        pytest.param(A[:8] + b"VALUE k 0 1\r\n1\r\nEND\r\n", id="a value"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not memcached.is_answer(data, NONCE)
