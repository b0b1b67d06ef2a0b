"""Four bytes that are a time, and four that aren't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import time
from doorward.identify.probing import Context
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

ENDED = Context(port=24037, closed=True)


@pytest.mark.parametrize(
    ("received", "context", "told"),
    [
        (b"\xee\xae\xf8A", ENDED, "2026-11-23T17:37:05+00:00"),  # xinetd 2.3.15, TCP
        (b"\xee\xae\xf9\x1b", Context(transport=Transport.UDP), "2026-11-23T17:40:43+00:00"),  # and UDP
        (bytes.fromhex("83aa7e80"), None, ""),  # RFC 868's example: 1970, which no server of today means
        (b"\x00\x00\x00\x10", Context(port=37, closed=True), "2036-02-07T06:28:32+00:00"),  # after the count began anew
        (b"\x00\x00\x00\x10", None, ""),  # but only on its own port
    ],
)
def test_reads_the_time(received: bytes, context: Context | None, told: str) -> None:
    found = time.read(received, context or ENDED)
    if not told:
        assert found is None
        return
    assert found is not None
    assert found.facts["told_time"] == told
    assert found.certainty is Certainty.INFERRED


@pytest.mark.parametrize("other", [b"", b"\xee\xae\xf8", b"\xee\xae\xf8AB", b"OK\r\n", b"250 ", bytes(4)])
def test_leaves_others_alone(other: bytes) -> None:
    assert time.read(other, ENDED) is None


def test_four_bytes_that_answer_something_or_go_on_are_no_time() -> None:
    assert time.read(b"\xee\xae\xf8A", Context(port=37)) is None
    assert time.read(b"\xee\xae\xf8A", Context(port=37, closed=True, spoke="http")) is None


@given(st.binary(max_size=8), st.sampled_from([37, 24037]), st.booleans())
def test_any_bytes_are_survived(received: bytes, port: int, closed: bool) -> None:
    found = time.read(received, Context(port=port, closed=closed))
    assert found is None or (closed and len(received) == 4)
