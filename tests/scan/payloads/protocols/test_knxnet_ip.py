"""Light and blinds of buildings (KNXnet/IP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import knxnet_ip
from udp_answers import NONCE, answer_to

A = answer_to("knxnet_ip")


def test_the_question_stands_as_written() -> None:
    assert knxnet_ip.payload(NONCE) == bytes.fromhex("06100207001000000801000000000000")


def test_an_answer_counts() -> None:
    assert knxnet_ip.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:3] + b"\x02" + A[4:], id="a search's answer"),
        pytest.param(A[:6] + b"\x01" + A[7:], id="another channel"),
        pytest.param(A + b"\0", id="with more behind it"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not knxnet_ip.is_answer(data, NONCE)
