"""Windows' remote desktop over UDP: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import rdp_udp
from udp_answers import NONCE, answer_to

A = answer_to("rdp_udp")


def test_the_question_stands_as_written() -> None:
    assert rdp_udp.payload(NONCE) == bytes.fromhex("ffffffff004000015e6f708104d004d0").ljust(1232, b"\0")


def test_an_answer_counts() -> None:
    assert rdp_udp.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:7] + b"\x01" + A[8:], id="SYN alone"),
        pytest.param(A[:12] + bytes(4) + A[16:], id="packets of no possible size"),
        pytest.param(A[:15], id="cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not rdp_udp.is_answer(data, NONCE)
