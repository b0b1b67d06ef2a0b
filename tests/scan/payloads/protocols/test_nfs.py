"""Files over the network (NFS): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import nfs
from udp_answers import NONCE, answer_to

A = answer_to("nfs")


def test_the_question_stands_as_written() -> None:
    assert nfs.payload(NONCE) == bytes.fromhex(
        "5e6f7081"  # the nonce
        "0000000000000002000186a3000000030000000000000000000000000000000000000000"
    )


def test_an_answer_counts() -> None:
    assert nfs.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:7] + b"\0" + A[8:], id="a call"),
        pytest.param(A[:-4], id="cut short"),
        pytest.param(A[:23] + b"\x09" + A[24:], id="an unknown status"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not nfs.is_answer(data, NONCE)
