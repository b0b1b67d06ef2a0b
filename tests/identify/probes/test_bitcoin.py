"""A greeting as the reference lays it out, and what must be read from it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import bitcoin
from doorward.identify.probing import Context, Step, Turn

AGENT = b"/Satoshi:25.0.0/"
BODY = (70016).to_bytes(4, "little") + bytes(76) + bytes([len(AGENT)]) + AGENT + (800000).to_bytes(4, "little") + b"\x01"
SUM = hashlib.sha256(hashlib.sha256(BODY).digest()).digest()[:4]
TOLD = b"\xf9\xbe\xb4\xd9" + b"version".ljust(12, b"\x00") + len(BODY).to_bytes(4, "little") + SUM + BODY
ANSWERS = [TOLD]


def test_reads_the_greeting() -> None:
    found = bitcoin.read(TOLD, Context())
    assert found is not None
    assert (found.product, found.version, found.facts["height"], found.facts["network"]) == ("Bitcoin Core", "25.0.0", 800000, "main")
    assert bitcoin.next_words(TOLD[:-1], Context()) is Step.WAIT
    assert bitcoin.next_words(TOLD, Context()) is Step.DONE


def test_our_own_greeting_is_well_formed() -> None:
    found = bitcoin.read(bitcoin.first_words("h"), Context())
    assert found is not None
    assert found.facts["banner"] == "/Doorward/"


@pytest.mark.parametrize(
    "other", [b"", TOLD[:-1], TOLD[:20] + bytes(4) + TOLD[24:], b"\x00" * 110, TOLD.replace(b"version", b"verack\x00")]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert bitcoin.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="bitcoin", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = bitcoin.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "bitcoin"
