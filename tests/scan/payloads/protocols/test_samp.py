"""Game servers (San Andreas Multiplayer): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import samp
from udp_answers import NONCE, answer_to

A = answer_to("samp")


def test_the_question_stands_as_written() -> None:
    assert samp.payload(NONCE) == bytes.fromhex(
        "53414d507f000001611e705e6f7081"  # the nonce
    )


def test_an_answer_counts() -> None:
    assert samp.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A.replace(b"p", b"i"), id="another opcode"),
        pytest.param(A[:-1], id="cut short"),
        pytest.param(A + b"!", id="with more behind it"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not samp.is_answer(data, NONCE)
