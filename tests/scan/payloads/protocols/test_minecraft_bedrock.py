"""Minecraft (Bedrock edition), games on RakNet: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import minecraft_bedrock
from udp_answers import NONCE, answer_to

A = answer_to("minecraft_bedrock")


def test_the_question_stands_as_written() -> None:
    assert minecraft_bedrock.payload(NONCE) == bytes.fromhex(
        "01"
        "1a2b3c4d5e6f7081"  # the nonce
        "00ffff00fefefefefdfdfdfd12345678646f6f727761726400000000000000000000000000000000000000000000000000000000000000"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        A[:33],
    ],
)
def test_this_counts(data: bytes) -> None:
    assert minecraft_bedrock.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x01" + A[1:], id="a ping"),
        pytest.param(A.replace(b"\x12\x34\x56\x78", b"\x12\x34\x56\x79"), id="other magic"),
        pytest.param(A + b"!", id="a text longer than said"),
        pytest.param(A[:32], id="cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not minecraft_bedrock.is_answer(data, NONCE)
