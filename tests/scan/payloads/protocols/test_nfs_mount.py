"""Who may mount which folder (NFS mountd): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import nfs_mount
from udp_answers import NONCE, answer_to

A = answer_to("nfs_mount")


def test_the_question_stands_as_written() -> None:
    assert nfs_mount.payload(NONCE) == bytes.fromhex(
        "5e6f7081"  # the nonce
        "0000000000000002000186a5000000030000000000000000000000000000000000000000"
    )


def test_an_answer_counts() -> None:
    assert nfs_mount.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:7] + b"\0" + A[8:], id="a call"),
        pytest.param(A[:-4], id="cut short"),
        pytest.param(A + bytes(4), id="results, where there are none"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not nfs_mount.is_answer(data, NONCE)
