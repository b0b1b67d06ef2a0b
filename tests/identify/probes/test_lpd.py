"""States of queues, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import lpd
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

LPRNG = b"Printer: lp@vm\n Queue: no printable jobs in queue\n Server: no server active\n"
ANSWERS = [LPRNG, b"no entries\n"]
OWN = Context(spoke="lpd", port=515)


@pytest.mark.parametrize(
    ("answer", "product", "certainty"),
    [
        (LPRNG, "LPRng", Certainty.MEASURED),
        (b"no entries\n", "", Certainty.INFERRED),
        (b"lpd: lp: unknown printer\n", "", Certainty.INFERRED),
        (b"lp is ready and printing\n", "", Certainty.INFERRED),
    ],
)
def test_reads_the_state(answer: bytes, product: str, certainty: Certainty) -> None:
    found = lpd.read(answer, OWN)
    assert found is not None
    assert (found.product, found.certainty) == (product, certainty)
    assert lpd.read(answer, Context(spoke="http")) is None


@pytest.mark.parametrize("other", [b"", b"\x00", b"220 ready\r\n", b"HTTP/1.1 400 Bad Request\r\n", lpd.first_words("h")])
def test_leaves_others_alone(other: bytes) -> None:
    assert lpd.read(other, OWN) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="lpd", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = lpd.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "lpd"
