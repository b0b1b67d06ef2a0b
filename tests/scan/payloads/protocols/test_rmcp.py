"""Remote power and console of servers (ASF, IPMI): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import rmcp
from udp_answers import NONCE, answer_to

A = answer_to("rmcp")


def test_the_question_stands_as_written() -> None:
    assert rmcp.payload(NONCE) == bytes.fromhex(
        "0600ff06000011be80"
        "81"  # the nonce
        "0000"
    )


def test_an_answer_counts() -> None:
    assert rmcp.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:8] + b"\x80" + A[9:], id="a ping"),
        pytest.param(A[:7] + b"\xbf" + A[8:], id="another enterprise"),
        pytest.param(A[:-1], id="cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not rmcp.is_answer(data, NONCE)
