"""Telephone gateways (MGCP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import mgcp
from udp_answers import NONCE, answer_to

A = answer_to("mgcp")


def test_the_question_stands_as_written() -> None:
    assert mgcp.payload(NONCE) == b"AUEP 784361601 doorward@doorward.invalid MGCP 1.0\r\n"


def test_an_answer_counts() -> None:
    assert mgcp.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"500 Endpoint unknown\r\n", id="no number"),
        pytest.param(b"AUEP 1 x MGCP 1.0\r\n", id="a command"),
        pytest.param(A[:-2], id="no end of line"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not mgcp.is_answer(data, NONCE)
