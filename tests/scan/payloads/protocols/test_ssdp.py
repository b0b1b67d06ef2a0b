"""Devices that announce themselves (UPnP): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import ssdp
from udp_answers import NONCE, answer_to

A = answer_to("ssdp")


def test_the_question_stands_as_written() -> None:
    assert ssdp.payload(NONCE) == (
        b"M-SEARCH * HTTP/1.1\r\n"
        b"HOST: 239.255.255.250:1900\r\n"
        b'MAN: "ssdp:discover"\r\n'
        b"MX: 1\r\n"
        b"ST: upnp:rootdevice\r\n"
        b"USER-AGENT: doorward/1 UPnP/2.0 doorward/1 (asks one host which doors it has, and wants no more than this)\r\n"
        b"\r\n"
    )


def test_an_answer_counts() -> None:
    assert ssdp.is_answer(A, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A.replace(b"HTTP/1.1 200 OK", b"NOTIFY * HTTP/1.1"), id="an announcement"),
        pytest.param(A.replace(b"USN", b"XSN"), id="no name"),
        pytest.param(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", id="a web page"),
        pytest.param(A + b" " * 5000, id="endless"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not ssdp.is_answer(data, NONCE)
