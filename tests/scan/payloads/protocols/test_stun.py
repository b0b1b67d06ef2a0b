"""Finding one's way through address translation (STUN, TURN): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import stun
from udp_answers import NONCE, answer_to

A = answer_to("stun")


def test_the_question_stands_as_written() -> None:
    assert stun.payload(NONCE) == bytes.fromhex(
        "000100242112a442646f6f72"
        "1a2b3c4d5e6f7081"  # the nonce
        "80220020646f6f72776172643a20776869636820646f6f727320617265206f70656e3f20"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"\1\x11" + A[2:],
    ],
)
def test_this_counts(data: bytes) -> None:
    assert stun.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(stun.payload(NONCE), id="a question"),
        pytest.param(A.replace(b"\x21\x12\xa4\x42", b"\x21\x12\xa4\x43", 1), id="other magic"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(b"\0\x11" + A[2:], id="an indication"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not stun.is_answer(data, NONCE)
