"""The greeting of TeamSpeak's query door as its manual shows it, and what must be read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import teamspeak
from doorward.identify.probing import Context, Step, Turn

GREETING = b'TS3\n\rWelcome to the TeamSpeak 3 ServerQuery interface, type "help" for a list of commands.\n\r'
TOLD = GREETING + b"version=3.13.7 build=1655727713 platform=Linux\n\rerror id=0 msg=ok\n\r"
ANSWERS = [TOLD]


def test_reads_greeting_and_version() -> None:
    found = teamspeak.read(TOLD, Context())
    assert found is not None
    assert (found.version, found.system, found.facts["build"]) == ("3.13.7", "Linux", "1655727713")
    bare = teamspeak.read(GREETING, Context())
    assert bare is not None
    assert bare.version == ""


def test_the_conversation_asks_once() -> None:
    assert teamspeak.next_words(b"TS3\n\r", Context()) is Step.WAIT
    assert teamspeak.next_words(GREETING, Context()) == b"version\n"
    asked = Context(turns=(Turn(b"", GREETING), Turn(b"version\n", b"")))
    assert teamspeak.next_words(GREETING, asked) is Step.WAIT
    assert teamspeak.next_words(TOLD, asked) is Step.DONE
    assert teamspeak.next_words(b"220 x", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", b"TS3", b"TS3\r\n", b"220 TS3\n\r"])
def test_leaves_others_alone(other: bytes) -> None:
    assert teamspeak.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="teamspeak", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = teamspeak.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "teamspeak"
