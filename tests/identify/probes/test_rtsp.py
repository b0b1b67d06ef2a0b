"""Answers of RTSP servers, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import rtsp
from doorward.identify.probing import Context, Step, Turn


def answer(*fields: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"RTSP/1.0 {status}", "CSeq: 1", *fields, "", ""]).encode()


ANSWERS = [answer("Public: OPTIONS, DESCRIBE"), answer('WWW-Authenticate: Digest realm="cam", nonce="1"', status="401 Unauthorized")]


@pytest.mark.parametrize(
    ("field", "product", "version"),
    [
        ("Server: GStreamer RTSP server", "GStreamer RTSP server", ""),
        ("Server: VLC/3.0.18", "VLC media player", "3.0.18"),
        ("Server: AirTunes/366.0", "AirPlay", "366.0"),
        ("Server: Hipcam RealServer/V1.0", "Hipcam RealServer", "1.0"),
        ("Server: gortsplib", "MediaMTX", ""),
        ("Server: another", "", ""),
    ],
)
def test_reads_the_server_field(field: str, product: str, version: str) -> None:
    found = rtsp.read(answer(field, "Public: OPTIONS, DESCRIBE"), Context())
    assert found is not None
    assert (found.product, found.version, found.facts["methods"]) == (product, version, ["OPTIONS", "DESCRIBE"])


def test_a_wish_for_a_login_is_told() -> None:
    found = rtsp.read(ANSWERS[1], Context())
    assert found is not None
    assert (found.facts["authentication"], found.facts["realm"]) == ("required", "cam")


def test_the_conversation_waits_for_the_head() -> None:
    assert rtsp.next_words(ANSWERS[0][:-1], Context()) is Step.WAIT
    assert rtsp.next_words(ANSWERS[0], Context()) is Step.DONE
    assert rtsp.next_words(b"HTTP/1.0", Context()) is Step.DONE
    assert b"Evil" not in rtsp.first_words("a\r\nEvil: 1")


@pytest.mark.parametrize("other", [b"", b"RTSP/1.0", b"HTTP/1.0 400 Bad\r\n\r\n", b"SIP/2.0 200 OK\r\n\r\n", rtsp.first_words("h")])
def test_leaves_others_alone(other: bytes) -> None:
    assert rtsp.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="rtsp", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = rtsp.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "rtsp"
