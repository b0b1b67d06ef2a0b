"""Heating, air and light of buildings (BACnet/IP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import bacnet
from udp_answers import NONCE, answer_to

A = answer_to("bacnet")


def test_the_question_stands_as_written() -> None:
    assert bacnet.payload(NONCE) == bytes.fromhex(
        "810a001101040005"
        "81"  # the nonce
        "0c0c023fffff1978"
    )


def test_an_answer_counts() -> None:
    assert bacnet.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(A[:5] + b"\x80" + A[6:], id="a message of the network layer"),
        pytest.param(A[:6] + b"\0" + A[7:], id="a question"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not bacnet.is_answer(data, NONCE)
