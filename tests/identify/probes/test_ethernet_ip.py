"""An identity as the standard lays it out, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import ethernet_ip
from doorward.identify.probing import Context, Turn

NAME_TEXT = b"1756-L61/B LOGIX5561"
IDENTITY = (
    b"\x01\x00" + bytes(16) + b"\x01\x00\x0e\x00\x36\x00\x14\x0b\x60\x31\x1a\x06\x6c\x00" + bytes([len(NAME_TEXT)]) + NAME_TEXT + b"\xff"
)
BODY = b"\x01\x00\x0c\x00" + len(IDENTITY).to_bytes(2, "little") + IDENTITY
TOLD = b"\x63\x00" + len(BODY).to_bytes(2, "little") + bytes(8) + b"doorward" + bytes(4) + BODY
ANSWERS = [TOLD]


def test_reads_the_identity() -> None:
    found = ethernet_ip.read(TOLD, Context())
    assert found is not None
    assert (found.product, found.version, found.vendor) == ("1756-L61/B LOGIX5561", "20.11", "Rockwell Automation")
    assert found.facts["serial_number"] == "006c061a"
    assert len(ethernet_ip.first_words("h")) == 24


@pytest.mark.parametrize("other", [b"", ethernet_ip.first_words("h"), TOLD[:-3], TOLD.replace(b"doorward", b"someone!")])
def test_leaves_others_alone(other: bytes) -> None:
    assert ethernet_ip.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="ethernet_ip", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = ethernet_ip.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "ethernet_ip"
