"""Encryption over UDP (DTLS): VPNs, small devices, remote desktops: the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import dtls
from udp_answers import NONCE, answer_to

A = answer_to("dtls")


def test_the_question_stands_as_written() -> None:
    assert dtls.payload(NONCE) == bytes.fromhex(
        "16feff00000000"
        "5e6f7081"  # the nonce
        "007e010000720000000000000072fefd646f6f7277617264206b6e6f636b733b206974206b65657073206e6f206b657900000024c02bc02f"
        "c02cc030cca9cca8c0aec0a8c00ac014c009c013009e009d009c0035002f00ff01000024000a00080006001d00170018000b00020100000d"
        "000e000c040305030804040105010201"
    )


@pytest.mark.parametrize(
    "data",
    [
        A,
        A[:5] + bytes(6) + A[11:],
        bytes.fromhex("15fefd 0000 000000000000 0002 0228"),
        A[:13] + b"\2" + A[14:],
    ],
)
def test_this_counts(data: bytes) -> None:
    assert dtls.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:1] + b"\x03\x03" + A[3:], id="TLS over TCP"),
        pytest.param(A[:4] + b"\x01" + A[5:], id="a later epoch"),
        pytest.param(A[:12] + b"\xff" + A[13:], id="longer than it is"),
        pytest.param(dtls.payload(NONCE), id="our own hello"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not dtls.is_answer(data, NONCE)
