"""Refusals in the form that BSD's manual pages give, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import rsh
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

ANSWERS = [b"\x01Permission denied.\n", b"\x01rlogind: Permission denied.\r\n"]


@pytest.mark.parametrize(
    ("answer", "port", "variant"), [(ANSWERS[0], 514, "rsh"), (ANSWERS[1], 513, "rlogin"), (b"\x01Login incorrect.\n", 512, "rexec")]
)
def test_reads_the_refusal_at_home_alone(answer: bytes, port: int, variant: str) -> None:
    found = rsh.read(answer, Context(port=port))
    assert found is not None
    assert (found.facts["variant"], found.certainty) == (variant, Certainty.INFERRED)
    assert rsh.read(answer, Context(port=80)) is None


@pytest.mark.parametrize("other", [b"", b"\x00", b"\x01", b"\x01no\x1b[2J....\n", b"Permission denied.\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert rsh.read(other, Context(port=514)) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="rsh", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = rsh.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "rsh"
