"""The answer of a simulated service processor, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import ipmi
from doorward.identify.probing import Context, Turn
from doorward.values.transports import Transport

# ipmi_sim 1.0.13 of OpenIPMI 2.0.33 (Debian 12).
TOLD = b"\x06\x00\xff\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10\x81\x1cc \x008\x00\x01\x97\x06\x03\x00\x00\x00\x00\x07"
ANSWERS = [TOLD]
UDP = Context(spoke="ipmi", transport=Transport.UDP)


def test_reads_the_proofs() -> None:
    found = ipmi.read(TOLD, UDP)
    assert found is not None
    assert found.facts["proofs"] == ["none", "MD2", "MD5", "plain password"]
    assert (found.facts["protocol_version"], found.facts["authentication"], found.facts["anonymous_login"]) == ("2.0", "none", True)


@pytest.mark.parametrize("other", [b"", TOLD[:-1], ipmi.first_words("h"), TOLD[:22] + b"\x00" + TOLD[23:], TOLD[:19] + b"\x39" + TOLD[20:]])
def test_leaves_others_alone(other: bytes) -> None:
    assert ipmi.read(other, UDP) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="ipmi", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = ipmi.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "ipmi"
