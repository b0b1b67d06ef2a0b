"""Control of the clock (chrony): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import chrony_control
from udp_answers import NONCE, answer_to

A = answer_to("chrony_control")


def test_the_question_stands_as_written() -> None:
    assert chrony_control.payload(NONCE) == bytes.fromhex(
        "06010000000e0000"
        "5e6f7081"  # the nonce
        "0000000000000000000000000000000000000000"
    )


def test_an_answer_counts() -> None:
    assert chrony_control.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:1] + b"\x01" + A[2:], id="a request"),
        pytest.param(A[:5] + b"\x0f" + A[6:], id="another command"),
        pytest.param(A[:27], id="cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not chrony_control.is_answer(data, NONCE)
