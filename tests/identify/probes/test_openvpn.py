"""Answers of a real OpenVPN server, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import openvpn
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

# OpenVPN 2.6.3 (Debian 12), over UDP and over TCP.
DATAGRAM = b"@\xa6w'\xe8(\x8e\xfb\xeb\x01\x00\x00\x00\x00doorward\x00\x00\x00\x00"
STREAM = b"\x00\x1a@v\xa3\x86\xd1\xfa\xdf\xedV\x01\x00\x00\x00\x00doorward\x00\x00\x00\x00"
ANSWERS = [DATAGRAM, STREAM]
UDP = Context(spoke="openvpn", transport=Transport.UDP)


def test_reads_real_answers() -> None:
    for answer, context in ((DATAGRAM, UDP), (STREAM, Context(spoke="openvpn"))):
        found = openvpn.read(answer, context)
        assert found is not None
        assert (found.product, found.facts["authentication"], found.certainty) == ("OpenVPN", "required", Certainty.MEASURED)
        assert openvpn.next_words(answer, context) is Step.DONE
        assert openvpn.next_words(answer[:20], context) is Step.WAIT


def test_the_words_are_framed_in_tcp() -> None:
    assert openvpn.first_words("h") == b"\x00\x0e" + openvpn.first_datagram("h")


@pytest.mark.parametrize(
    "other", [b"", DATAGRAM[:-1], openvpn.first_datagram("h"), DATAGRAM.replace(b"doorward", b"someother"), b"\x38" + DATAGRAM[1:]]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert openvpn.read(other, UDP) is None
    assert openvpn.read(len(other).to_bytes(2) + other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="openvpn", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = openvpn.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "openvpn"
