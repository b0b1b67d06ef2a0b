"""Device management (SNMP version 3): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import snmp_v3
from udp_answers import NONCE, answer_to

A = answer_to("snmp_v3")


def test_the_question_stands_as_written() -> None:
    assert snmp_v3.payload(NONCE) == bytes.fromhex(
        "303b020103301002045a46"
        "7081"  # the nonce
        "020205c00401040201030410300e0400020100020100040004000400301204000400a00c02025a460201000201003000"
    )


def test_an_answer_counts() -> None:
    assert snmp_v3.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(snmp_v3.payload(NONCE), id="a question"),
        pytest.param(answer_to("snmp_v2c"), id="version 2c"),
        pytest.param(A[:-1], id="cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not snmp_v3.is_answer(data, NONCE)
