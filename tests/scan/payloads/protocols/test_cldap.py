"""Directory of people and machines (LDAP over UDP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import cldap
from udp_answers import NONCE, answer_to

A = answer_to("cldap")


def test_the_question_stands_as_written() -> None:
    assert cldap.payload(NONCE) == bytes.fromhex(
        "302d02045a44"
        "7081"  # the nonce
        "632504000a01000a0100020101020105010100870b6f626a656374436c61737330050403312e31"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        bytes.fromhex("300f02045a4470816507 0a0100 0400 0400"),
    ],
)
def test_this_counts(data: bytes) -> None:
    assert cldap.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A.replace(b"\x64\x04", b"\x78\x04"), id="an answer to something else"),
        pytest.param(A[:-1], id="cut short"),
        pytest.param(b"\x30\x80" + A[2:], id="an indefinite length"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not cldap.is_answer(data, NONCE)
