"""Windows machines, printers and scanners on the link (WS-Discovery): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import ws_discovery
from udp_answers import NONCE, answer_to

A = answer_to("ws_discovery")


def test_the_question_stands_as_written() -> None:
    question = ws_discovery.payload(NONCE)
    assert len(question) == 624
    assert b"5e6f7081</wsa:MessageID>" in question
    assert question.endswith(b"</soap:Envelope>")


def test_an_answer_counts() -> None:
    assert ws_discovery.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(answer_to("onvif"), id="related to the other probe"),
        pytest.param(ws_discovery.payload(NONCE), id="our own question"),
        pytest.param(A.replace(b"Envelope", b"Postcard"), id="no envelope"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not ws_discovery.is_answer(data, NONCE)
