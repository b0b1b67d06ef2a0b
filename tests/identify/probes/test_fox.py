"""A hello as stations send it, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import fox
from doorward.identify.probing import Context, Step, Turn

TOLD = (
    b"fox a 0 -1 fox hello\n{\nfox.version=s:1.0.1\nid=i:7\nhostName=s:192.0.2.7\nhostAddress=s:192.0.2.7\napp.name=s:Station\n"
    b"app.version=s:3.8.41.2\nvm.name=s:Java HotSpot(TM) Client VM\nvm.version=s:1.5.0_34\nos.name=s:QNX\nos.version=s:6.4.1\n"
    b"stationName=s:roof\nbrandId=s:vykon\n};;\n"
)
ANSWERS = [TOLD]


def test_reads_the_hello() -> None:
    found = fox.read(TOLD, Context())
    assert found is not None
    assert (found.product, found.version, found.system, found.facts["station"]) == ("Niagara Station", "3.8.41.2", "QNX", "roof")
    assert fox.next_words(TOLD[:-5], Context()) is Step.WAIT
    assert fox.next_words(TOLD, Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", b"fox a 0", fox.first_words("h"), b"fox jumps\n", TOLD.replace(b"fox.version", b"x")])
def test_leaves_others_alone(other: bytes) -> None:
    assert fox.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="fox", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = fox.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "fox"
