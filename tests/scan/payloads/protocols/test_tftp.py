"""Simple file transfer (TFTP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import tftp
from udp_answers import NONCE, answer_to

A = answer_to("tftp")


def test_the_question_stands_as_written() -> None:
    assert tftp.payload(NONCE) == bytes.fromhex("0001646f6f72776172642f69732d6e6f742d68657265006f6374657400")


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"\0\3\0\1a file after all",
    ],
)
def test_this_counts(data: bytes) -> None:
    assert tftp.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(tftp.payload(NONCE), id="a request"),
        pytest.param(A[:-1], id="no zero at the end"),
        pytest.param(A[:3] + b"\x63" + A[4:], id="an unknown code"),
        pytest.param(b"\0\3\0\2abc", id="the second block"),
        pytest.param(b"\0\3\0\1" + bytes(513), id="a block too long"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not tftp.is_answer(data, NONCE)
