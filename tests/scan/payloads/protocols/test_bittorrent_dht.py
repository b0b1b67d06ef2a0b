"""Sharing files (BitTorrent DHT): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import bittorrent_dht
from udp_answers import NONCE, answer_to

A = answer_to("bittorrent_dht")


def test_the_question_stands_as_written() -> None:
    assert bittorrent_dht.payload(NONCE) == bytes.fromhex(
        "64313a6164323a696432303a646f6f7277617264206f6e6c792061736b732e2e65313a71343a70696e67323a726f693165313a74343a"
        "5e6f7081"  # the nonce
        "313a79313a7165"
    )


def test_an_answer_counts() -> None:
    assert bittorrent_dht.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A.replace(b"1:y1:r", b"1:y1:q"), id="a question of another node"),
        pytest.param(A[:-1], id="cut before its end"),
        pytest.param(A[:1] + bytes(1600) + A[1:], id="longer than a datagram should be"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not bittorrent_dht.is_answer(data, NONCE)
