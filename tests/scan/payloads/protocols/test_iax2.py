"""Internet telephony between exchanges (IAX2): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import iax2
from udp_answers import NONCE, answer_to

A = answer_to("iax2")


def test_the_question_stands_as_written() -> None:
    assert iax2.payload(NONCE) == bytes.fromhex(
        "8d0d0000"
        "5e6f7081"  # the nonce
        "0000061e"
    )


def test_an_answer_counts() -> None:
    assert iax2.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\0" + A[1:], id="a mini frame"),
        pytest.param(A[:3] + b"\x0e" + A[4:], id="to another call"),
        pytest.param(iax2.payload(NONCE), id="our own poke"),
        pytest.param(A + bytes(100), id="a long one"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not iax2.is_answer(data, NONCE)
