"""Keys for IPsec tunnels behind address translation (IKE, NAT-T): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import ike_nat_t
from udp_answers import NONCE, answer_to

A = answer_to("ike_nat_t")


def test_the_question_stands_as_written() -> None:
    assert ike_nat_t.payload(NONCE) == bytes.fromhex(
        "00000000"
        "1a2b3c4d5e6f7081"  # the nonce
        "00000000000000002120220800000000000000cb22000064000000600101000a0300000c0100000c800e01000300000c0100000c800e0080"
        "030000080100000303000008020000050300000802000002030000080300000c0300000803000002030000080400000e0300000804000013"
        "000000080400000228000028001f0000646f6f72776172642061736b732c20616e6420776f6e277420636f6d6520696e00000023646f6f72"
        "776172643a206e6f626f6479206b65657073206120736563726574"
    )


def test_an_answer_counts() -> None:
    assert ike_nat_t.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\1" + A[1:], id="ESP: no zero bytes"),
        pytest.param(A[4:], id="as on port 500"),
        pytest.param(b"\xff", id="a keep-alive"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not ike_nat_t.is_answer(data, NONCE)
