"""Industrial controllers (Modbus): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import modbus
from udp_answers import NONCE, answer_to

A = answer_to("modbus")


def test_the_question_stands_as_written() -> None:
    assert modbus.payload(NONCE) == bytes.fromhex(
        "7081"  # the nonce
        "00000005ff2b0e0402"
    )


def test_an_answer_counts() -> None:
    assert modbus.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:3] + b"\x01" + A[4:], id="another protocol"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(A[:7] + b"\x03" + A[8:], id="another function"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not modbus.is_answer(data, NONCE)
