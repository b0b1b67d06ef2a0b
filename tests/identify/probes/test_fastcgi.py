"""The answer of a real FastCGI application, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import fastcgi
from doorward.identify.probing import Context, Step, Turn

# php-cgi 8.2 (Debian 12).
TOLD = b"\x01\n\x00\x00\x003\x05\x00\x0f\x01FCGI_MPXS_CONNS0\r\x01FCGI_MAX_REQS1\x0e\x01FCGI_MAX_CONNS1\x00\x00\x00\x00\x00"
ANSWERS = [TOLD]


def test_reads_the_values() -> None:
    found = fastcgi.read(TOLD, Context())
    assert found is not None
    assert (found.facts["max_conns"], found.facts["mpxs_conns"], found.facts["runs_code"]) == ("1", "0", True)
    assert fastcgi.next_words(TOLD[:20], Context()) is Step.WAIT
    assert fastcgi.next_words(TOLD, Context()) is Step.DONE
    assert fastcgi.next_words(b"HT", Context()) is Step.DONE
    words = fastcgi.first_words("h")
    assert int.from_bytes(words[4:6]) == len(words) - 8


@pytest.mark.parametrize("other", [b"", TOLD[:20], b"\x01\x0b" + TOLD[2:], b"\x01\x0a\x00\x00\x00\x00\x00\x00", fastcgi.first_words("h")])
def test_leaves_others_alone(other: bytes) -> None:
    assert fastcgi.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="fastcgi", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = fastcgi.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "fastcgi"
