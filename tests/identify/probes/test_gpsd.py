"""The greeting of a real gpsd, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import gpsd
from doorward.identify.probing import Context, Step, Turn

# gpsd 3.22 (Debian 12).
GREETING = b'{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}\r\n'
ANSWERS = [GREETING]


def test_reads_the_greeting() -> None:
    found = gpsd.read(GREETING, Context())
    assert found is not None
    assert (found.version, found.facts["protocol_version"]) == ("3.22", "3.14")
    assert found.cpe == "cpe:2.3:a:gpsd_project:gpsd:3.22:*:*:*:*:*:*:*"
    assert gpsd.next_words(GREETING, Context()) is Step.DONE
    assert gpsd.next_words(GREETING[:-1], Context()) is Step.WAIT


@pytest.mark.parametrize(
    "other",
    [
        b"",
        GREETING[:-2],
        b'{"class":"TPV"}\n',
        b'{"class":"VERSION"}\n',
        b'{"class":"VERSION","release":3,"proto_major":3}\n',
        b'{"class":"VERSION"' + b"[" * 1000 + b"\n",
    ],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert gpsd.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="gpsd", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = gpsd.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "gpsd"
