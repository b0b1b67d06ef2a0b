"""Industrial controllers (EtherNet/IP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import ethernet_ip
from udp_answers import NONCE, answer_to

A = answer_to("ethernet_ip")


def test_the_question_stands_as_written() -> None:
    assert ethernet_ip.payload(NONCE) == bytes.fromhex(
        "040000000000000000000000"
        "1a2b3c4d5e6f7081"  # the nonce
        "00000000"
    )


def test_an_answer_counts() -> None:
    assert ethernet_ip.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x63" + A[1:], id="another command"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(A[:23], id="cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not ethernet_ip.is_answer(data, NONCE)
