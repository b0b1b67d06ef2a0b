"""Network cameras (ONVIF): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import onvif
from udp_answers import NONCE, answer_to

A = answer_to("onvif")


def test_the_question_stands_as_written() -> None:
    question = onvif.payload(NONCE)
    assert len(question) == 631
    assert b"5e6f7081</wsa:MessageID>" in question
    assert question.endswith(b"</soap:Envelope>")


def test_an_answer_counts() -> None:
    assert onvif.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(answer_to("ws_discovery"), id="related to the other probe"),
        pytest.param(A.replace(b"RelatesTo", b"MessageID"), id="related to nothing"),
        pytest.param(A + b" " * 20000, id="endless"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not onvif.is_answer(data, NONCE)
