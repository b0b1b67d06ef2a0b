"""Tickets for single sign-on (Kerberos): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import kerberos
from udp_answers import NONCE, answer_to

A = answer_to("kerberos")


def test_the_question_stands_as_written() -> None:
    assert kerberos.payload(NONCE) == bytes.fromhex(
        "6a8194308191a103020105a20302010aa48184308181a00703050000000000a1153013a003020101a10c300a1b08646f6f7277617264a212"
        "1b10444f4f52574152442e494e56414c4944a3263024a003020102a11d301b1b066b72627467741b11444f4f52574152442d354536463730"
        "3831a511180f32303337303931333032343830355aa7060204446f6f72a8083006020112020111"
    )


def test_an_answer_counts() -> None:
    assert kerberos.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x6b" + A[1:], id="a ticket (AS-REP)"),
        pytest.param(A[:-1], id="cut short"),
        pytest.param(A.replace(b"\xa0\x03\x02\x01\x05", b"\xa0\x03\x02\x01\x04"), id="version 4"),
        pytest.param(A.replace(b"\xa1\x03\x02\x01\x1e", b"\xa1\x03\x02\x01\x0b"), id="another type"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not kerberos.is_answer(data, NONCE)
