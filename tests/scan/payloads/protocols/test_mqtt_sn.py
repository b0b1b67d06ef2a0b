"""Messages of small sensors (MQTT-SN): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import mqtt_sn
from udp_answers import NONCE, answer_to

A = answer_to("mqtt_sn")


def test_the_question_stands_as_written() -> None:
    assert mqtt_sn.payload(NONCE) == bytes.fromhex("030100")


def test_an_answer_counts() -> None:
    assert mqtt_sn.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x03\x05\x01", id="another message"),
        pytest.param(A + b"\0", id="its own length is wrong"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not mqtt_sn.is_answer(data, NONCE)
