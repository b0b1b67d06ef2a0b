"""Network time (NTP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import ntp
from udp_answers import NONCE, answer_to

A = answer_to("ntp")


def test_the_question_stands_as_written() -> None:
    assert ntp.payload(NONCE) == bytes.fromhex(
        "230000000000000000000000000000000000000000000000000000000000000000000000000000001a2b3c4d5e6f7081"  # the nonce
    )


def test_an_answer_counts() -> None:
    assert ntp.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x23" + A[1:], id="a client"),
        pytest.param(b"\x97" + A[1:], id="a monitor's answer"),
        pytest.param(A[:47], id="cut short"),
        pytest.param(b"\x04" + A[1:], id="version 0"),
        pytest.param(A + b"\0", id="not whole words"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not ntp.is_answer(data, NONCE)
