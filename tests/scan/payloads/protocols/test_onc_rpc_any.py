"""Remote procedures (ONC RPC) of some program: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import onc_rpc_any
from udp_answers import NONCE, answer_to

A = answer_to("onc_rpc_any")


def test_the_question_stands_as_written() -> None:
    assert onc_rpc_any.payload(NONCE) == bytes.fromhex(
        "5e6f7081"  # the nonce
        "0000000000000002000186a0000000020000000000000000000000000000000000000000"
    )


def test_an_answer_counts() -> None:
    assert onc_rpc_any.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:7] + b"\0" + A[8:], id="a call"),
        pytest.param(A[:-4], id="cut short"),
        pytest.param(A[:18] + b"\x01\x90" + A[20:], id="a verifier longer than the message"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not onc_rpc_any.is_answer(data, NONCE)
