"""Answers of a real L2TP daemon, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import l2tp
from doorward.identify.probing import Context, Step, Turn
from doorward.values.transports import Transport

# xl2tpd 1.3.18 (Debian 12).
XL2TPD = (
    b"\xc8\x02\x00c\x1d\r\x00\x00\x00\x00\x00\x01\x80\x08\x00\x00\x00\x00\x00\x02\x80\x08\x00\x00\x00\x02\x01\x00\x80\n\x00\x00\x00\x03"
    b"\x00\x00\x00\x03\x80\n\x00\x00\x00\x04\x00\x00\x00\x00\x00\x08\x00\x00\x00\x06\x06\x90\x80\x08\x00\x00\x00\x07vm\x00\x13\x00\x00\x00"
    b"\x08xelerance.com\x80\x08\x00\x00\x00\t\xce\xa8\x80\x08\x00\x00\x00\n\x00\x04"
)
ANSWERS = [XL2TPD]
UDP = Context(spoke="l2tp", transport=Transport.UDP)


def test_reads_a_real_answer() -> None:
    found = l2tp.read(XL2TPD, UDP)
    assert found is not None
    assert (found.product, found.vendor, found.host_name, found.facts["firmware"]) == ("xl2tpd", "Xelerance", "vm", "0690")


def test_takes_the_wish_back() -> None:
    words = l2tp.first_datagram("h") if hasattr(l2tp, "first_datagram") else l2tp.first_words("h")
    assert int.from_bytes(words[2:4]) == len(words) <= 100
    stop = l2tp.next_words(XL2TPD, Context(transport=Transport.UDP, turns=(Turn(words, XL2TPD),)))
    assert isinstance(stop, bytes)
    assert stop[4:6] == b"\xce\xa8"
    assert int.from_bytes(stop[2:4]) == len(stop)
    assert l2tp.next_words(XL2TPD, Context(turns=(Turn(words, XL2TPD), Turn(stop, b"")))) is Step.DONE
    assert l2tp.next_words(b"x", UDP) is Step.DONE


@pytest.mark.parametrize("other", [b"", XL2TPD[:-1], l2tp.first_words("h"), XL2TPD[:4] + b"\x00\x01" + XL2TPD[6:], bytes(40)])
def test_leaves_others_alone(other: bytes) -> None:
    assert l2tp.read(other, UDP) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="l2tp", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = l2tp.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "l2tp"
