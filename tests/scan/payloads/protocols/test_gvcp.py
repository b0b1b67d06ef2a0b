"""Industrial cameras (GigE Vision): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import gvcp
from udp_answers import NONCE, answer_to

A = answer_to("gvcp")


def test_the_question_stands_as_written() -> None:
    assert gvcp.payload(NONCE) == bytes.fromhex(
        "420100800004"
        "7081"  # the nonce
        "00000000"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"\x80\x01" + A[2:4] + b"\0\0" + A[6:8],
    ],
)
def test_this_counts(data: bytes) -> None:
    assert gvcp.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:3] + b"\x03" + A[4:], id="another command's acknowledgment"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(A[:4] + b"\0\0" + A[6:8], id="success without a register"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not gvcp.is_answer(data, NONCE)
