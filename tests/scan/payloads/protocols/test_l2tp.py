"""Tunnel for dial-in lines (L2TP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import l2tp
from udp_answers import NONCE, answer_to

A = answer_to("l2tp")


def test_the_question_stands_as_written() -> None:
    assert l2tp.payload(NONCE) == bytes.fromhex(
        "c802003c000000000000000080080000000000018008000000020100800e00000007646f6f7277617264800a000000030000000380080000"
        "0009"
        "7081"  # the nonce
    )


def test_an_answer_counts() -> None:
    assert l2tp.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x40" + A[1:], id="a packet of data"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(A[:19] + b"\x06" + A[20:], id="another message"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not l2tp.is_answer(data, NONCE)
