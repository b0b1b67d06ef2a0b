"""Tunnels of mobile networks (GTP version 1): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import gtp_v1
from udp_answers import NONCE, answer_to

A = answer_to("gtp_v1")


def test_the_question_stands_as_written() -> None:
    assert gtp_v1.payload(NONCE) == bytes.fromhex(
        "3201000400000000"
        "7081"  # the nonce
        "0000"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        A[:1] + b"\3" + A[2:],
    ],
)
def test_this_counts(data: bytes) -> None:
    assert gtp_v1.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x48" + A[1:], id="another version"),
        pytest.param(A[:1] + b"\x01" + A[2:], id="a question"),
        pytest.param(A + b"\0", id="its own length is wrong"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not gtp_v1.is_answer(data, NONCE)
