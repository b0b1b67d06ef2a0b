"""Remote power and console of servers (IPMI): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import ipmi
from udp_answers import NONCE, answer_to

A = answer_to("ipmi")


def test_the_question_stands_as_written() -> None:
    assert ipmi.payload(NONCE) == bytes.fromhex("0600ff07000000000000000000092018c88104388e04b1")


def test_an_answer_counts() -> None:
    assert ipmi.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:-1] + b"\0", id="a wrong sum"),
        pytest.param(A[:19] + b"\x39" + bytes((A[20],)) + A[21:-1] + bytes((A[-1] - 1 & 0xFF,)), id="another command"),
        pytest.param(A[:20], id="cut short"),
        pytest.param(A + b"\0", id="its own length is wrong"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not ipmi.is_answer(data, NONCE)
