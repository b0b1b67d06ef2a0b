"""IPv6 through IPv4 and address translation (Teredo): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import teredo
from udp_answers import NONCE, answer_to

A = answer_to("teredo")


def test_the_question_stands_as_written() -> None:
    assert teredo.payload(NONCE) == bytes.fromhex(
        "00010000"
        "1a2b3c4d5e6f7081"  # the nonce
        "006000000000083afffe800000000000000000646f6f727761ff020000000000000000000000000002850031f400000000"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        A[:13] + A[21:],
    ],
)
def test_this_counts(data: bytes) -> None:
    assert teredo.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(teredo.payload(NONCE), id="a solicitation"),
        pytest.param(A[:-1], id="cut short"),
        pytest.param(A.replace(b"\x3a\xff", b"\x11\xff"), id="another protocol inside"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not teredo.is_answer(data, NONCE)
