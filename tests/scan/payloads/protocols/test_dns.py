"""Domain names (DNS): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import dns
from udp_answers import NONCE, answer_to

A = answer_to("dns")


def test_the_question_stands_as_written() -> None:
    assert dns.payload(NONCE) == bytes.fromhex(
        "7081"  # the nonce
        "000000010000000000000776657273696f6e0462696e640000100003"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        A[:2] + bytes.fromhex("8001 0000 0000 0000 0000"),
        A[:2] + bytes.fromhex("8205 0001 0000 0000 0000") + A[12:30],
        A.replace(b"version", b"VERSION"),
    ],
)
def test_this_counts(data: bytes) -> None:
    assert dns.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:2] + b"\x01" + A[3:], id="a question"),
        pytest.param(A.replace(b"version", b"hostnam"), id="another question repeated"),
        pytest.param(A[:-20], id="records that end outside"),
        pytest.param(A[:2] + bytes.fromhex("8000 0000 0000 0000 0000"), id="an answer that repeats no question and reports no error"),
        pytest.param(A[:2] + b"\xa8" + A[3:], id="another opcode"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not dns.is_answer(data, NONCE)
