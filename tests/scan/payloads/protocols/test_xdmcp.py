"""Login screens over the network (XDMCP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import xdmcp
from udp_answers import NONCE, answer_to

A = answer_to("xdmcp")


def test_the_question_stands_as_written() -> None:
    assert xdmcp.payload(NONCE) == bytes.fromhex("00010002002201001f444f4f52574152442d41534b532d574845544845522d594f552d574f554c44")


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"\0\1\0\6\0\7\0\1h\0\2no",
    ],
)
def test_this_counts(data: bytes) -> None:
    assert xdmcp.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(xdmcp.payload(0), id="a question"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(A[:9] + b"\xff" + A[10:], id="a text longer than the message"),
        pytest.param(b"\0\2" + A[2:], id="another version"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not xdmcp.is_answer(data, NONCE)
