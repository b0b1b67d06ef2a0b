"""Lines of real daytime servers, and lines that only contain a date."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import daytime
from doorward.identify.probing import Context
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

LINES = [
    b"23 NOV 2026 17:37:05 UTC\r\n",  # xinetd 2.3.15, TCP and UDP
    b"Mon Nov 23 17:37:05 2026\r\n",  # the form of BSD's inetd: ctime(3)
    b"Tuesday, February 22, 1982 17:37:43-PST\r\n",  # RFC 867's first example, with its comma
    b"\n61367 26-11-23 17:37:05 00 0 0 123.4 UTC(NIST) * \n",  # the form that NIST documents
    b"5:37:05 PM 11/23/2026\n",  # the form of Windows' simple TCP/IP services
    b"2026-11-23T17:37:05Z\r\n",
]


@pytest.mark.parametrize("line", LINES)
def test_reads_the_line(line: bytes) -> None:
    found = daytime.read(line, Context(port=13, closed=True))
    assert found is not None
    assert found.certainty is Certainty.MEASURED
    still_open = daytime.read(line, Context(port=13))
    assert still_open is not None
    assert still_open.certainty is Certainty.INFERRED
    datagram = daytime.read(line, Context(transport=Transport.UDP))
    assert datagram is not None
    assert datagram.certainty is Certainty.MEASURED


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"17:37:05",
        b"220 mail.example.com ESMTP Exim 4.96 Mon, 23 Nov 2026 17:37:05 +0000\r\n",
        b"23 NOV 2026 17:37:05 UTC\r\nlogin: ",
        b"Mon Nov 23 17:37:05 2026" * 5,
        b"HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 17:37:05 GMT\r\n\r\n",
    ],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert daytime.read(other, Context(port=13, closed=True)) is None


def test_no_empty_datagram_is_sent() -> None:
    assert daytime.first_words("h")


@given(st.sampled_from(LINES), st.integers(0, 50), st.binary(max_size=30))
def test_any_bytes_after_any_part_are_survived(line: bytes, cut: int, tail: bytes) -> None:
    found = daytime.read(line[:cut] + tail, Context(closed=True))
    assert found is None or found.service == "daytime"
