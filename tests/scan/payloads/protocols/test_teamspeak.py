"""Talking while playing (TeamSpeak): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import teamspeak
from udp_answers import NONCE, answer_to

A = answer_to("teamspeak")


def test_the_question_stands_as_written() -> None:
    assert teamspeak.payload(NONCE) == bytes.fromhex(
        "545333494e49543100650000880c87bf300000000000"
        "5e6f7081"  # the nonce
        "0000000000000000"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"TS3INIT1\0\x65\x88\x7f",
    ],
)
def test_this_counts(data: bytes) -> None:
    assert teamspeak.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(teamspeak.payload(NONCE), id="our own question"),
        pytest.param(A[:-4] + A[-4:][::-1], id="our number not reversed"),
        pytest.param(A[:-1], id="cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not teamspeak.is_answer(data, NONCE)
