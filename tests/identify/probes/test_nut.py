"""Answers of a real upsd, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import nut
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# nut-server 2.8.0 (Debian 12): asked for its version, and asked GET / HTTP/1.1.
TOLD = b"Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/\n"
ERRORS = b"ERR INVALID-ARGUMENT\nERR UNKNOWN-COMMAND\nERR UNKNOWN-COMMAND\n"
ANSWERS = [TOLD, ERRORS]


def test_reads_the_version() -> None:
    found = nut.read(TOLD, Context())
    assert found is not None
    assert (found.version, found.certainty) == ("2.8.0", Certainty.MEASURED)
    assert nut.next_words(TOLD, Context()) is Step.DONE
    assert nut.next_words(TOLD[:9], Context()) is Step.WAIT


def test_an_error_is_a_hint() -> None:
    found = nut.read(ERRORS, Context(spoke="http"))
    assert found is not None
    assert (found.version, found.certainty) == ("", Certainty.INFERRED)


@pytest.mark.parametrize("other", [b"", b"ERR\n", b"ERR UNKNOWN-COMMAND x\n", b"ERROR\n", b"-ERR UNKNOWN-COMMAND\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert nut.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="nut", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = nut.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "nut"
