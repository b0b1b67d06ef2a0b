"""Game servers of Quake III's kind (OpenArena, Xonotic, Urban Terror): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import quake3
from udp_answers import NONCE, answer_to

A = answer_to("quake3")


def test_the_question_stands_as_written() -> None:
    assert quake3.payload(NONCE) == bytes.fromhex("ffffffff6765746368616c6c656e67652031353834333631363031")


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"\xff\xff\xff\xffchallengeResponse 99",
        b"\xff\xff\xff\xffchallenge aQ!zT$wX9x4",
    ],
)
def test_this_counts(data: bytes) -> None:
    assert quake3.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(answer_to("quake2"), id="Quake II's"),
        pytest.param(b"\xff\xff\xff\xffchallengeResponse x", id="no number"),
        pytest.param(quake3.payload(NONCE), id="our own question"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not quake3.is_answer(data, NONCE)
