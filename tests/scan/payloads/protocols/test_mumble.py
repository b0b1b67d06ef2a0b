"""Talking while playing (Mumble): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import mumble
from udp_answers import NONCE, answer_to

A = answer_to("mumble")


def test_the_question_stands_as_written() -> None:
    assert mumble.payload(NONCE) == bytes.fromhex(
        "000000001a2b3c4d5e6f7081"  # the nonce
    )


def test_an_answer_counts() -> None:
    assert mumble.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:-1], id="cut short"),
        pytest.param(mumble.payload(NONCE).ljust(24, b"\0"), id="no version: our own question, filled up"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not mumble.is_answer(data, NONCE)
