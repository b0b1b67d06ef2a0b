"""Game servers of Valve's kind (Source, GoldSrc, Rust, ARK): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import a2s
from udp_answers import NONCE, answer_to

A = answer_to("a2s")


def test_the_question_stands_as_written() -> None:
    assert a2s.payload(NONCE) == bytes.fromhex("ffffffff55ffffffff")


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"\xff\xff\xff\xffD\0",
        b"\xff\xff\xff\xffD\1" + b"\0" + b"me\0" + bytes(8),
    ],
)
def test_this_counts(data: bytes) -> None:
    assert a2s.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:8], id="a challenge cut short"),
        pytest.param(b"\xff\xff\xff\xffD\x05", id="players announced and not sent"),
        pytest.param(b"\xfe" + A[1:], id="a split answer"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not a2s.is_answer(data, NONCE)
