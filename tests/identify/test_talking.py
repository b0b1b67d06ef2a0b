"""A conversation without a network: bytes and lines in, events and bytes out."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.talk_answer import Happening, TalkEvent
from doorward.identify.talking import LONGEST_LINE, Manner, Talking
from doorward.values.clocks import ManualClock

CLOCK = ManualClock(datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC))


def talking(manner: Manner = Manner.AUTO, *, by_lines: bool = True) -> Talking:
    return Talking(CLOCK, manner=manner, by_lines=by_lines)


def told(events: list[TalkEvent]) -> list[tuple[str, str]]:
    return [(str(event.kind), event.text) for event in events]


def test_lines_come_whole_and_prompts_after_a_pause() -> None:
    one = talking()
    assert told(one.hear(b"220 rea"))[1:] == []
    assert told(one.hear(b"dy\r\nlogin: ")) == [("heard", "220 ready")]
    assert told(one.pause()) == [("heard", "login: ")]
    assert one.pause() == []


def test_who_speaks_first() -> None:
    assert told(talking().hear(b"x"))[0] == ("first", "The far end speaks first, after 0 ms.")
    one = talking()
    assert told(one.say("x"))[0] == ("first", "We speak first, after 0 ms.")
    assert told(one.hear(b"y\n")) == [("heard", "y")]
    waiting = talking()
    assert "waits for us" in waiting.wait_for_us()[0].text
    assert told(waiting.say("x")) == [("said", "x")]


def test_options_are_answered_and_explained() -> None:
    one = talking()
    events = one.hear(b"\xff\xfb\x01login: ")
    assert [event.kind for event in events] == [Happening.FIRST, Happening.NOTE, Happening.OPTION]
    assert events[-1].option == "WILL echo"
    assert events[-1].answer == "DO echo"
    assert one.take_outgoing() == b"\xff\xfd\x01"
    assert one.take_outgoing() == b""
    hidden = one.say("geheim")[-1]
    assert (hidden.hidden, hidden.text, hidden.hex, hidden.size) == (True, "", "", 0)
    assert one.take_outgoing() == b"geheim\r\n"


def test_without_negotiation_bytes_are_bytes() -> None:
    raw = talking(Manner.RAW)
    assert raw.hear(b"\xff\xfb\x01\n")[-1].kind is Happening.HEARD
    assert raw.take_outgoing() == b""
    raw.say(b"\xff", ended=False)
    assert raw.take_outgoing() == b"\xff"
    telnet = talking(Manner.TELNET)
    telnet.say(b"\xff", ended=False)
    assert telnet.take_outgoing() == b"\xff\xff"


def test_a_late_255_is_no_negotiation() -> None:
    one = talking()
    one.hear(b"x" * 5000)
    one.hear(b"\xff\xfb\x01")
    assert not one.is_telnet


def test_a_password_in_a_line_is_not_told() -> None:
    event = talking().say("PASS geheim")[-1]
    assert event.hidden
    assert "geheim" not in event.text + bytes.fromhex(event.hex).decode()


def test_negotiating_without_end_is_told_once() -> None:
    one = talking()
    events = one.hear(b"\xff\xfb\x05" * 5000)
    assert len(events) < 250
    assert "without end" in events[-1].text
    assert len(one.take_outgoing()) <= 3 * 256


def test_a_line_without_end_is_cut() -> None:
    events = talking().hear(b"A" * 20_000)
    assert len(events) == 1 + 20_000 // LONGEST_LINE
    assert not events[-1].whole


def test_what_came_in_the_clear_is_forgotten() -> None:
    one = talking()
    one.hear(b"220 forged")
    one.forget()
    assert one.pause() == []


@given(st.lists(st.binary(max_size=300), max_size=8), st.booleans())
@pytest.mark.parametrize("manner", Manner)
def test_any_bytes_are_told_harmless(manner: Manner, portions: list[bytes], by_lines: bool) -> None:
    one = talking(manner, by_lines=by_lines)
    events = [event for portion in portions for event in one.hear(portion)] + one.pause()
    assert all(event.text.isprintable() and event.option.isprintable() for event in events)
    if manner is Manner.RAW and by_lines:
        assert b"".join(bytes.fromhex(event.hex) for event in events) == b"".join(portions)
