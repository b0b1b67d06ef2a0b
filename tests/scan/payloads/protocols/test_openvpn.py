"""Virtual private network (OpenVPN): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import openvpn
from udp_answers import NONCE, answer_to

A = answer_to("openvpn")


def test_the_question_stands_as_written() -> None:
    assert openvpn.payload(NONCE) == bytes.fromhex(
        "38"
        "1a2b3c4d5e6f7081"  # the nonce
        "0000000000"
    )


def test_an_answer_counts() -> None:
    assert openvpn.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x38" + A[1:], id="a client"),
        pytest.param(A[:9] + b"\0" + A[10:], id="no acknowledgment"),
        pytest.param(A[:25], id="cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not openvpn.is_answer(data, NONCE)
