"""Keys for IPsec tunnels (IKE): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import ike
from udp_answers import NONCE, answer_to

A = answer_to("ike")


def test_the_question_stands_as_written() -> None:
    assert ike.payload(NONCE) == bytes.fromhex(
        "1a2b3c4d5e6f7081"  # the nonce
        "00000000000000002120220800000000000000cb22000064000000600101000a0300000c0100000c800e01000300000c0100000c800e0080"
        "030000080100000303000008020000050300000802000002030000080300000c0300000803000002030000080400000e0300000804000013"
        "000000080400000228000028001f0000646f6f72776172642061736b732c20616e6420776f6e277420636f6d6520696e00000023646f6f72"
        "776172643a206e6f626f6479206b65657073206120736563726574"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        A[:17] + b"\x10\x05\0" + A[20:],
    ],
)
def test_this_counts(data: bytes) -> None:
    assert ike.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:19] + b"\x08" + A[20:], id="a question"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(A[:18] + b"\x25" + A[19:], id="another exchange"),
        pytest.param(A[:17] + b"\x30" + A[18:], id="version 3"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not ike.is_answer(data, NONCE)
