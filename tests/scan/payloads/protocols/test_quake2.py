"""Game servers of Quake's first kinds (QuakeWorld, Quake II): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import quake2
from udp_answers import NONCE, answer_to

A = answer_to("quake2")


def test_the_question_stands_as_written() -> None:
    assert quake2.payload(NONCE) == bytes.fromhex("ffffffff6765746368616c6c656e67650a")


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"\xff\xff\xff\xffc12345\0",
    ],
)
def test_this_counts(data: bytes) -> None:
    assert quake2.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xff\xff\xff\xffchallenge x", id="no number"),
        pytest.param(A[1:], id="split"),
        pytest.param(b"\xff\xff\xff\xffprint\nhello", id="a print"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not quake2.is_answer(data, NONCE)
