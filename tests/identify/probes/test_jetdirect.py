"""Answers as the language's reference shows them, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import jetdirect
from doorward.identify.probing import Context, Step, Turn

TOLD = b'@PJL INFO ID\r\n"HP LaserJet 4250"\r\n\x0c'
ANSWERS = [TOLD]


def test_reads_the_name() -> None:
    found = jetdirect.read(TOLD, Context())
    assert found is not None
    assert (found.product, found.vendor) == ("HP LaserJet 4250", "HP")
    other = jetdirect.read(b"@PJL INFO ID\nBrother HL-5350DN\n\x0c", Context())
    assert other is not None
    assert other.vendor == "Brother"
    assert jetdirect.next_words(TOLD[:-1], Context()) is Step.WAIT
    assert jetdirect.next_words(TOLD, Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", TOLD[:20], jetdirect.first_words("h"), b"@PJL INFO STATUS\r\nCODE=10001\r\n\x0c"])
def test_leaves_others_alone(other: bytes) -> None:
    assert jetdirect.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="jetdirect", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = jetdirect.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "jetdirect"
