"""Logins for network access (RADIUS): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import radius
from udp_answers import NONCE, answer_to

A = answer_to("radius")


def test_the_question_stands_as_written() -> None:
    assert radius.payload(NONCE) == bytes.fromhex("0c810026646f6f72776172641a2b3c4d5e6f708150123d296a0396bd86c87b0b7abc7bfb8234")


def test_an_answer_counts() -> None:
    assert radius.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:4] + bytes(16), id="not signed"),
        pytest.param(A[:1] + b"\0" + A[2:], id="another number"),
        pytest.param(A[:3] + b"\x28" + A[4:], id="longer than it is"),
        pytest.param(radius.payload(NONCE), id="our own question"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not radius.is_answer(data, NONCE)
