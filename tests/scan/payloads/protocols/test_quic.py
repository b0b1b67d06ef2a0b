"""Encrypted streams over UDP (QUIC): HTTP/3, DNS over QUIC: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import quic
from udp_answers import NONCE, answer_to

A = answer_to("quic")


def test_the_question_stands_as_written() -> None:
    assert quic.payload(NONCE) == bytes.fromhex("c01a2a3a4a08646f6f7277617264081a2b3c4d5e6f7081").ljust(1200, b"\0")


def test_an_answer_counts() -> None:
    assert quic.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:4] + b"\1" + A[5:], id="a version that we could speak"),
        pytest.param(b"\x40" + A[1:], id="a short header"),
        pytest.param(A[:23], id="no version at all"),
        pytest.param(A[:-1], id="half a version"),
        pytest.param(A[:14] + b"\x08DOORWARD" + A[23:], id="our own id not exchanged"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not quic.is_answer(data, NONCE)
