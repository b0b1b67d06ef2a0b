"""Windows names (NetBIOS name service): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import netbios_ns
from udp_answers import NONCE, answer_to

A = answer_to("netbios_ns")


def test_the_question_stands_as_written() -> None:
    assert netbios_ns.payload(NONCE) == bytes.fromhex(
        "7081"  # the nonce
        "0000000100000000000020434b4141414141414141414141414141414141414141414141414141414141410000200001"
    )


def test_an_answer_counts() -> None:
    assert netbios_ns.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A.replace(b"CKAA", b"CKAB"), id="another name"),
        pytest.param(A[:2] + b"\x81" + A[3:], id="no authority"),
        pytest.param(A[:-1], id="cut short"),
        pytest.param(answer_to("mdns"), id="multicast DNS"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not netbios_ns.is_answer(data, NONCE)
