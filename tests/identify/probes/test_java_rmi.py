"""Answers of a real RMI registry, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import java_rmi
from doorward.identify.probing import Context, Step, Turn

# rmiregistry of OpenJDK 17.0.15 (Debian 12).
TOLD = b"N\x00\t127.0.0.1\x00\x00\xa4\xc6"
ANSWERS = [TOLD]


def test_reads_the_acknowledgment() -> None:
    found = java_rmi.read(TOLD, Context())
    assert found is not None
    assert found.facts["sees_us_as"] == "127.0.0.1"
    assert java_rmi.next_words(TOLD[:-1], Context()) is Step.WAIT
    assert java_rmi.next_words(TOLD, Context()) is Step.DONE
    assert java_rmi.next_words(b"HTTP", Context()) is Step.DONE


@pytest.mark.parametrize(
    "other", [b"", b"N", TOLD[:-1], TOLD + b"x", b"N\x00\x02a b\x00\x00\x00\x01", b"N\x00\x01a\x00\x00\x00\x00", b"NO\r\n"]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert java_rmi.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="java_rmi", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = java_rmi.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "java_rmi"
