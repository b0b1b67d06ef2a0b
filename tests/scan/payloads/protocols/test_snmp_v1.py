"""Device management (SNMP version 1): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import snmp_v1
from udp_answers import NONCE, answer_to

A = answer_to("snmp_v1")


def test_the_question_stands_as_written() -> None:
    assert snmp_v1.payload(NONCE) == bytes.fromhex(
        "302902010004067075626c6963a01c02045a44"
        "7081"  # the nonce
        "020100020100300e300c06082b060102010102000500"
    )


def test_an_answer_counts() -> None:
    assert snmp_v1.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(snmp_v1.payload(NONCE), id="a question"),
        pytest.param(answer_to("snmp_v2c"), id="version 2c"),
        pytest.param(A[:-1], id="cut short"),
        pytest.param(A + b"\5\0", id="with more behind it"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not snmp_v1.is_answer(data, NONCE)
