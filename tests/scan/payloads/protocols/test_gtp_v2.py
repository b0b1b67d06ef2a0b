"""Tunnels of mobile networks (GTP version 2): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import gtp_v2
from udp_answers import NONCE, answer_to

A = answer_to("gtp_v2")


def test_the_question_stands_as_written() -> None:
    assert gtp_v2.payload(NONCE) == bytes.fromhex(
        "4001000900"
        "7081"  # the nonce
        "000300010000"
    )


def test_an_answer_counts() -> None:
    assert gtp_v2.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x32" + A[1:], id="another version"),
        pytest.param(A[:1] + b"\x01" + A[2:], id="a question"),
        pytest.param(b"\x48" + A[1:], id="with a tunnel"),
        pytest.param(A + b"\0", id="its own length is wrong"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not gtp_v2.is_answer(data, NONCE)
