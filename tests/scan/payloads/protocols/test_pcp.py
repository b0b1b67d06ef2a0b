"""Opening doors in home routers (PCP, NAT-PMP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import pcp
from udp_answers import NONCE, answer_to

A = answer_to("pcp")


def test_the_question_stands_as_written() -> None:
    assert pcp.payload(NONCE) == bytes.fromhex("020000000000000000000000000000000000000000000000")


@pytest.mark.parametrize(
    "data",
    [
        A,
        bytes.fromhex("0080 0001 00001234"),
        bytes.fromhex("0080 0001 00001234 00000000"),
    ],
)
def test_this_counts(data: bytes) -> None:
    assert pcp.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:1] + b"\0" + A[2:], id="a question"),
        pytest.param(A[:3] + b"\x63" + A[4:], id="an unknown result"),
        pytest.param(A[:20], id="cut short"),
        pytest.param(A + b"\0", id="not whole words"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not pcp.is_answer(data, NONCE)
