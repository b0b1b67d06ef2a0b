"""Answers of a real print server, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import ipp
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# CUPS 2.4.2 (Debian 12), asked for its start page.
BODY = (
    b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<HTML>\n<HEAD>\n\t<TITLE>Not Found - CUPS v2.4.2</TITLE>\n</'
    b"HEAD>\n</HTML>\n"
)
CUPS = b"HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\nServer: CUPS/2.4 IPP/2.1\r\n\r\n" % len(BODY) + BODY
ANSWERS = [CUPS]


def test_reads_a_real_answer() -> None:
    found = ipp.read(CUPS, Context(spoke="http"))
    assert found is not None
    assert (found.product, found.version, found.facts["protocol_version"]) == ("CUPS", "2.4.2", "2.1")
    assert found.certainty is Certainty.MEASURED
    assert ipp.next_words(CUPS, Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", CUPS[:40], CUPS.replace(b" IPP/2.1", b""), b"IPP/2.1"])
def test_leaves_others_alone(other: bytes) -> None:
    assert ipp.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="ipp", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = ipp.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "ipp"
