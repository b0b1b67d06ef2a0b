"""Debugger of devices in the field (VxWorks WDB): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import vxworks_wdb
from udp_answers import NONCE, answer_to

A = answer_to("vxworks_wdb")


def test_the_question_stands_as_written() -> None:
    assert vxworks_wdb.payload(NONCE) == bytes.fromhex(
        "5e6f7081"  # the nonce
        "000000000000000255555555000000010000000000000000000000000000000000000000"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        A[:12] + bytes(4) + b"\0\0\0\2" * 2,
    ],
)
def test_this_counts(data: bytes) -> None:
    assert vxworks_wdb.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:7] + b"\0" + A[8:], id="a call"),
        pytest.param(A[:-4], id="cut short"),
        pytest.param(A[:15] + b"\2" + A[16:], id="an unknown rejection"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not vxworks_wdb.is_answer(data, NONCE)
