"""Minecraft (Java edition), query: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import minecraft_query
from udp_answers import NONCE, answer_to

A = answer_to("minecraft_query")


def test_the_question_stands_as_written() -> None:
    assert minecraft_query.payload(NONCE) == bytes.fromhex(
        "fefd095e6f7081"  # the nonce
    )


def test_an_answer_counts() -> None:
    assert minecraft_query.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:5] + b"abc\0", id="no number"),
        pytest.param(A[:-1], id="no zero at the end"),
        pytest.param(b"\x00" + A[1:], id="another type"),
        pytest.param(A[:5] + b"1" * 40 + b"\0", id="too long"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not minecraft_query.is_answer(data, NONCE)
