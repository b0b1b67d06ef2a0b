"""Proxies that ask each other (ICP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import icp
from udp_answers import NONCE, answer_to

A = answer_to("icp")


def test_the_question_stands_as_written() -> None:
    assert icp.payload(NONCE) == bytes.fromhex(
        "01020031"
        "5e6f7081"  # the nonce
        "00000000000000000000000000000000687474703a2f2f646f6f72776172642e696e76616c69642f00"
    )


def test_an_answer_counts() -> None:
    assert icp.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x01" + A[1:], id="a question"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(A[:19], id="cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not icp.is_answer(data, NONCE)
