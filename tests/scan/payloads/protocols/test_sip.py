"""Internet telephony (SIP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import sip
from udp_answers import NONCE, answer_to

A = answer_to("sip")


def test_the_question_stands_as_written() -> None:
    assert sip.payload(NONCE) == (
        b"OPTIONS sip:doorward@doorward.invalid SIP/2.0\r\n"
        b"Via: SIP/2.0/UDP doorward.invalid;rport;branch=z9hG4bKdw5e6f7081\r\n"
        b"Max-Forwards: 0\r\n"
        b"From: <sip:doorward@doorward.invalid>;tag=doorward\r\n"
        b"To: <sip:doorward@doorward.invalid>\r\n"
        b"Call-ID: options@doorward.invalid\r\n"
        b"CSeq: 1 OPTIONS\r\n"
        b"Contact: <sip:doorward@doorward.invalid>\r\n"
        b"Content-Length: 0\r\n"
        b"\r\n"
    )


def test_an_answer_counts() -> None:
    assert sip.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(sip.payload(NONCE), id="a request"),
        pytest.param(A.replace(b"branch", b"twig"), id="no branch"),
        pytest.param(A.replace(b"SIP/2.0 200", b"HTTP/1.1 200"), id="HTTP"),
        pytest.param(A.replace(b"z9hG4bKdw", b"z9hG4bK"), id="the branch of somebody else's Via"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not sip.is_answer(data, NONCE)
