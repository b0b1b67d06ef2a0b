"""Files of campuses (AFS): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import afs
from udp_answers import NONCE, answer_to

A = answer_to("afs")


def test_the_question_stands_as_written() -> None:
    assert afs.payload(NONCE) == bytes.fromhex(
        "646f6f7200000000"
        "5e6f7081"  # the nonce
        "00000000000000000d01000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    )


def test_an_answer_counts() -> None:
    assert afs.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:20] + b"\x01" + A[21:], id="another packet type"),
        pytest.param(A[:21] + b"\x01" + A[22:], id="from a client, as ours was"),
        pytest.param(b"D" + A[1:], id="another connection"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not afs.is_answer(data, NONCE)
