"""Names and services on the link (multicast DNS): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import mdns
from udp_answers import NONCE, answer_to

A = answer_to("mdns")


def test_the_question_stands_as_written() -> None:
    assert mdns.payload(NONCE) == bytes.fromhex(
        "7081"  # the nonce
        "00000001000000000001095f7365727669636573075f646e732d7364045f756470056c6f63616c00000c000100002905a000000000006400"
        "0c00600000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    )


def test_an_answer_counts() -> None:
    assert mdns.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:6] + b"\0\0" + A[8:], id="no records"),
        pytest.param(A.replace(b"_dns-sd", b"_dns-se"), id="another question repeated"),
        pytest.param(A[:3] + b"\x05" + A[4:], id="a refusal"),
        pytest.param(answer_to("netbios_ns"), id="NetBIOS"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not mdns.is_answer(data, NONCE)
