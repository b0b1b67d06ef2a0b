"""Members of a cluster (Consul, Serf, Nomad, Alertmanager): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import memberlist
from udp_answers import NONCE, answer_to

A = answer_to("memberlist")


def test_the_question_stands_as_written() -> None:
    assert memberlist.payload(NONCE) == bytes.fromhex(
        "0082a55365714e6fce"
        "5e6f7081"  # the nonce
        "a44e6f6465a0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        A[6:28],
        b"\x0c" + bytes(4) + A[6:28],
    ],
)
def test_this_counts(data: bytes) -> None:
    assert memberlist.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x08" + A[1:], id="gossip without an acknowledgment"),
        pytest.param(b"\x02\x81\xa7Payload\xa0", id="an acknowledgment without a number"),
        pytest.param(b"\x02\x81\xa5SeqNo\xce\x5e\x6f", id="a number cut short"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not memberlist.is_answer(data, NONCE)
