"""Answers of a real music player, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import mpd
from doorward.identify.probing import Context, Step, Turn

# Music Player Daemon 0.23.12 (Debian 12), which speaks version 0.23.5 of its protocol.
GREETING = b"OK MPD 0.23.5\n"
OPEN = GREETING + b"repeat: 0\nrandom: 0\nsingle: 0\nconsume: 0\npartition: default\nplaylist: 1\nstate: stop\nOK\n"
LOCKED = GREETING + b'ACK [4@0] {status} you don\'t have permission for "status"\n'
ANSWERS = [OPEN, LOCKED]


@pytest.mark.parametrize(("answer", "access"), [(OPEN, "none"), (LOCKED, "required"), (GREETING, "unknown")])
def test_reads_who_may_command_it(answer: bytes, access: str) -> None:
    found = mpd.read(answer, Context())
    assert found is not None
    assert (found.product, found.version, found.facts["protocol_version"]) == ("Music Player Daemon", "", "0.23.5")
    assert found.facts["authentication"] == access


def test_the_conversation_asks_once() -> None:
    assert mpd.next_words(GREETING[:9], Context()) is Step.WAIT
    assert mpd.next_words(GREETING, Context()) == b"status\n"
    asked = Context(turns=(Turn(b"", GREETING), Turn(b"status\n", b"")))
    assert mpd.next_words(GREETING, asked) is Step.WAIT
    assert mpd.next_words(OPEN, asked) is Step.DONE


@pytest.mark.parametrize("other", [b"", b"OK MPD", b"OK MPD x\n", b"+OK MPD 0.23.5\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert mpd.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="mpd", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = mpd.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "mpd"
