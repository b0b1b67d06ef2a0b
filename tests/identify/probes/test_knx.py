"""A description as the standard lays it out, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import knx
from doorward.identify.probing import Context, Turn
from doorward.values.transports import Transport

DEVICE = (
    b"\x36\x01\x02\x00\x11\x01\x00\x00"
    + b"\x00\xc5\x01\x02\x03\x04"
    + b"\xe0\x00\x17\x0c"
    + b"\x00\x24\x6d\x01\x02\x03"
    + b"IP Gateway".ljust(30, b"\x00")
)
TOLD = b"\x06\x10\x02\x04\x00\x44" + DEVICE + b"\x08\x02\x02\x01\x03\x01\x04\x01"
ANSWERS = [TOLD]


def test_reads_the_description() -> None:
    found = knx.read(TOLD, Context(transport=Transport.UDP))
    assert found is not None
    assert (found.product, found.facts["device"], found.facts["mac_address"]) == ("IP Gateway", "1.1.1", "00:24:6d:01:02:03")


@pytest.mark.parametrize("other", [b"", TOLD[:-1], knx.first_words("h"), TOLD[:7] + b"\x02" + TOLD[8:]])
def test_leaves_others_alone(other: bytes) -> None:
    assert knx.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="knx", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = knx.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "knx"
