"""Answers of real relays, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import stun
from doorward.identify.probing import Context, Step, Turn
from doorward.values.transports import Transport

# coturn 4.6.1 (Debian 12).
COTURN = (
    b"\x01\x01\x00<!\x12\xa4Bdoorwardstun\x00 \x00\x08\x00\x01\xe8$^\x12\xa4C\x00\x01\x00\x08\x00\x01\xc96\x7f\x00\x00\x01"
    b"\x80+\x00\x08\x00\x01_\x9e\x7f\x00\x00\x01\x80\"\x00\x14Coturn-4.6.1 'Gorst'"
)
ANSWERS = [COTURN]


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_reads_a_real_answer(transport: Transport) -> None:
    found = stun.read(COTURN, Context(spoke="stun", transport=transport))
    assert found is not None
    assert (found.product, found.version, found.cpe) == ("coturn", "4.6.1", "cpe:2.3:a:coturn_project:coturn:4.6.1:*:*:*:*:*:*:*")
    assert (found.facts["sees_us_as"], found.facts["banner"]) == ("127.0.0.1", "Coturn-4.6.1 'Gorst'")


def test_an_error_and_a_bare_answer_count() -> None:
    for kind in (b"\x01\x01", b"\x01\x11"):
        found = stun.read(kind + b"\x00\x00!\x12\xa4Bdoorwardstun", Context())
        assert found is not None
        assert found.product == ""


def test_an_address_of_the_newer_family() -> None:
    masked = bytes(a ^ b for a, b in zip(bytes(15) + b"\x01", b"\x21\x12\xa4Bdoorwardstun", strict=True))
    found = stun.read(b"\x01\x01\x00\x18!\x12\xa4Bdoorwardstun\x00 \x00\x14\x00\x02\x00\x00" + masked, Context())
    assert found is not None
    assert found.facts["sees_us_as"] == "0000:0000:0000:0000:0000:0000:0000:0001"


def test_the_conversation_waits_for_the_length() -> None:
    assert all(stun.next_words(COTURN[:end], Context()) is Step.WAIT for end in range(len(COTURN)))
    assert stun.next_words(COTURN, Context()) is Step.DONE
    assert stun.next_words(b"HTTP/1.1 400 Bad Request\r\n", Context()) is Step.DONE


@pytest.mark.parametrize(
    "other", [b"", stun.first_words("h"), COTURN[:-1], COTURN[:8] + b"x" + COTURN[9:], COTURN[:4] + bytes(4) + COTURN[8:]]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert stun.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="stun", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = stun.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "stun"
