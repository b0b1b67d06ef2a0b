"""What a real router says, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import bgp
from doorward.identify.probing import Context, Step, Turn

# BIRD 2.0.12 (Debian 12), to a neighbour it knows; and a refusal as RFC 4271 §4.5 lays it out.
MARKER = b"\xff" * 16
OPEN = (
    MARKER
    + b"\x005\x01\x04\xfd\xe8\x00\xf0\x7f\x00\x00\x01\x18\x02\x16\x01\x04\x00\x01\x00\x01\x02\x00@\x02\x00xA\x04\x00\x00\xfd\xe8F\x00G\x00"
)
REFUSES = MARKER + b"\x00\x15\x03\x06\x05"
ANSWERS = [OPEN, REFUSES]


def test_reads_the_open() -> None:
    found = bgp.read(OPEN, Context())
    assert found is not None
    assert (found.facts["autonomous_system"], found.facts["router"], found.facts["hold_time_s"]) == (65000, "127.0.0.1", 240)


def test_reads_large_numbers_and_refusals() -> None:
    large = bgp.read(OPEN.replace(b"A\x04\x00\x00\xfd\xe8", b"A\x04\x00\x03\x0d\x40"), Context())
    assert large is not None
    assert large.facts["autonomous_system"] == 200000
    found = bgp.read(REFUSES, Context())
    assert found is not None
    assert found.facts["refusal"] == "cease, 5"
    assert bgp.next_words(REFUSES, Context()) is Step.DONE
    assert bgp.next_words(OPEN[:-1], Context()) is Step.WAIT


@pytest.mark.parametrize("other", [b"", OPEN[:-1], MARKER + b"\x00\x13\x04", b"\xff" * 40, MARKER + b"\x00\x15\x03\x63\x05"])
def test_leaves_others_alone(other: bytes) -> None:
    assert bgp.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="bgp", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = bgp.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "bgp"
