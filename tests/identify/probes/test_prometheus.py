"""Answers of a real Prometheus, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import prometheus
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# prometheus 2.42.0 (Debian 12): asked for its build, and for its start page.
BUILD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Mon, 23 Nov 2026 18:47:36 GMT\r\nContent-Length: 206\r\nConnection"
    b": close\r\n\r\n"
    b'{"status":"success","data":{"version":"2.42.0+ds","revision":"2.42.0+ds-5+deb12u1","branch":"debian/sid",'
    b'"buildUser":"team+pkg-go@tracker.debian.org","buildDate":"20260604-00:58:54","goVersion":"go1.19.8"}}'
)
START = (
    b"HTTP/1.1 302 Found\r\nContent-Type: text/html; charset=utf-8\r\nLocation: /classic/graph\r\nDate: Mon, 23 Nov 2026 18:47:34 GMT\r\n"
    b'Content-Length: 37\r\nConnection: close\r\n\r\n<a href="/classic/graph">Found</a>.\n\n'
)
ANSWERS = [BUILD, START]


def test_reads_the_build() -> None:
    found = prometheus.read(BUILD, Context())
    assert found is not None
    assert (found.version, found.system, found.facts["authentication"]) == ("2.42.0", "Debian 12", "none")
    assert found.cpe == "cpe:2.3:a:prometheus:prometheus:2.42.0:*:*:*:*:*:*:*"


def test_the_start_page_is_a_hint() -> None:
    found = prometheus.read(START, Context(spoke="http"))
    assert found is not None
    assert (found.certainty, found.version) == (Certainty.INFERRED, "")
    assert prometheus.next_words(START, Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", BUILD[:-4], START.replace(b"/classic/graph", b"/login"), START.replace(b"Date", b"Server")])
def test_leaves_others_alone(other: bytes) -> None:
    assert prometheus.read(other, Context(spoke="http")) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="prometheus", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = prometheus.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "prometheus"
