"""States as the manual describes them, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import source_query
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

TOLD = b"\xff\xff\xff\xffI\x11My server\x00cp_dustbowl\x00tf\x00Team Fortress\x00\xb8\x01\x05\x18\x00dl\x01\x011.0.6.4\x00"
CHALLENGE = b"\xff\xff\xff\xffA\x01\x02\x03\x04"
ANSWERS = [TOLD, CHALLENGE, CHALLENGE + TOLD]
UDP = Context(spoke="source_query", transport=Transport.UDP)


@pytest.mark.parametrize("answer", [TOLD, CHALLENGE + TOLD])
def test_reads_the_state(answer: bytes) -> None:
    found = source_query.read(answer, UDP)
    assert found is not None
    assert (found.product, found.version, found.system, found.facts["users"]) == ("Team Fortress", "1.0.6.4", "Linux", 5)
    assert found.facts["authentication"] == "required"


def test_gives_the_challenge_back() -> None:
    assert source_query.next_words(CHALLENGE, UDP) == source_query.first_words("h") + b"\x01\x02\x03\x04"
    assert source_query.next_words(TOLD, UDP) is Step.DONE
    found = source_query.read(CHALLENGE, UDP)
    assert found is not None
    assert found.certainty is Certainty.INFERRED
    assert source_query.read(CHALLENGE, Context(spoke="dns")) is None


@pytest.mark.parametrize("other", [b"", TOLD[:40], b"\xff\xff\xff\xffI", source_query.first_words("h"), TOLD.replace(b"dl\x01", b"xx\x01")])
def test_leaves_others_alone(other: bytes) -> None:
    assert source_query.read(other, UDP) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="source_query", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = source_query.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "source_query"
