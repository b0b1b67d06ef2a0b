"""Lights in homes (LIFX): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import lifx
from udp_answers import NONCE, answer_to

A = answer_to("lifx")


def test_the_question_stands_as_written() -> None:
    assert lifx.payload(NONCE) == bytes.fromhex(
        "24000034"
        "5e6f7081"  # the nonce
        "00000000000000000000000000000100000000000000000002000000"
    )


def test_an_answer_counts() -> None:
    assert lifx.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A + b"\0", id="its own size is wrong"),
        pytest.param(A[:32] + b"\x17" + A[33:], id="another message"),
        pytest.param(A[:3] + b"\x00" + A[4:], id="another protocol"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not lifx.is_answer(data, NONCE)
