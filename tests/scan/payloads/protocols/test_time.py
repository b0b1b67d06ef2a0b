"""Seconds since 1900: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import time
from udp_answers import NONCE, answer_to

A = answer_to("time")


def test_the_question_stands_as_written() -> None:
    assert time.payload(NONCE) == bytes.fromhex("00000000")


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"\0\0\1\0",
    ],
)
def test_this_counts(data: bytes) -> None:
    assert time.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A + b"\0", id="five bytes"),
        pytest.param((2_208_988_800).to_bytes(4), id="1970"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not time.is_answer(data, NONCE)
