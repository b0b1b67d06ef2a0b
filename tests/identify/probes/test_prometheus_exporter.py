"""Answers of a real exporter, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import prometheus_exporter
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# prometheus-node-exporter 1.5.0 (Debian 12): its start page, and the beginning of its figures with the line that names it.
START = (
    b"HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 18:39:16 GMT\r\nContent-Length: 150\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b'<html>\n\t\t\t<head><title>Node Exporter</title></head>\n\t\t\t<body>\n\t\t\t<h1>Node Exporter</h1>\n\t\t\t<p><a href="/metri'
    b'cs">Metrics</a></p>\n'
    b"\t\t\t</body>\n\t\t\t</html>"
)
FIGURES = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: 5000\r\n\r\n"
    b"# HELP go_gc_duration_seconds A summary of the pause duration of garbage collection cycles.\n# TYPE go_gc_duration_seconds summary\n"
    b'go_info{version="go1.19.8"} 1\n'
)
TOLD = FIGURES + b'node_exporter_build_info{branch="debian/sid",goversion="go1.19.8",revision="1.5.0-1+b6",version="1.5.0"} 1\n'
ANSWERS = [START, TOLD]


def test_reads_the_programs_own_line() -> None:
    found = prometheus_exporter.read(TOLD, Context())
    assert found is not None
    assert (found.product, found.version, found.cpe) == ("Node Exporter", "1.5.0", "cpe:2.3:a:prometheus:node_exporter:1.5.0:*:*:*:*:*:*:*")
    assert prometheus_exporter.next_words(FIGURES, Context()) is Step.WAIT
    assert prometheus_exporter.next_words(TOLD, Context()) is Step.DONE


def test_figures_of_an_unnamed_program() -> None:
    found = prometheus_exporter.read(FIGURES, Context())
    assert found is not None
    assert (found.product, found.facts["authentication"]) == ("", "none")


def test_the_start_page_is_a_hint() -> None:
    found = prometheus_exporter.read(START, Context(spoke="http"))
    assert found is not None
    assert (found.product, found.certainty) == ("Node Exporter", Certainty.INFERRED)


@pytest.mark.parametrize("other", [b"", START[:60], START.replace(b"/metrics", b"/login"), b"HTTP/1.1 200 OK\r\n\r\n# HELP me\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert prometheus_exporter.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="prometheus_exporter", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = prometheus_exporter.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "prometheus_exporter"
