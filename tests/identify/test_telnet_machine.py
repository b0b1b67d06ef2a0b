"""What is answered to what, as RFC 1143's table for a side that never asks; and that nobody can make it answer for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.telnet_machine import MOST_ANSWERS, TelnetMachine
from doorward.identify.telnet_options import AYT, DO, DONT, ECHO, IAC, NAWS, SB, SE, TERMINAL_TYPE, TIMING_MARK, WILL, WONT
from doorward.identify.telnet_stream import Command

ANSWERS = [
    (Command(WILL, ECHO), bytes((IAC, DO, ECHO)), "will show"),
    (Command(DO, ECHO), bytes((IAC, WONT, ECHO)), "decline"),
    (Command(WILL, 37), bytes((IAC, DONT, 37)), "prove who it is"),
    (Command(DO, 39), bytes((IAC, WONT, 39)), "your name"),
    (Command(DO, 200), bytes((IAC, WONT, 200)), "don't know"),
    (Command(DO, TERMINAL_TYPE), bytes((IAC, WILL, TERMINAL_TYPE)), "agree"),
    (Command(DO, NAWS), bytes((IAC, WILL, NAWS, IAC, SB, NAWS, 1, 255, 255, 0, 40, IAC, SE)), "511 columns, 40 rows"),
    (Command(DO, TIMING_MARK), bytes((IAC, WILL, TIMING_MARK)), "sign"),
    (Command(WONT, ECHO), b"", "confirms"),
    (Command(DONT, 24), b"", "confirms"),
    (Command(AYT), b"[yes]\r\n", "are you there"),
    (Command(241), b"", "nothing at all"),
    (Command(0), b"", "no standard"),
    (Command(SB, TERMINAL_TYPE, b"\x01"), b"", "nothing with it"),  # not agreed on: not told
]


@pytest.mark.parametrize(("command", "answer", "words"), ANSWERS)
def test_answers(command: Command, answer: bytes, words: str) -> None:
    negotiated = TelnetMachine(columns=511, rows=40).hear(command)
    assert negotiated.answer == answer
    assert words in negotiated.words
    assert negotiated.words.endswith((".", "?"))


def test_echo_hides_what_is_typed_until_it_ends() -> None:
    machine = TelnetMachine()
    machine.hear(Command(WILL, ECHO))
    assert machine.far_end_echoes
    assert machine.agreed == ("it: echo",)
    assert machine.hear(Command(WILL, ECHO)).answer == b""
    assert machine.hear(Command(WONT, ECHO)).answer == bytes((IAC, DONT, ECHO))
    assert not machine.far_end_echoes


def test_the_terminal_is_named_once_agreed() -> None:
    machine = TelnetMachine()
    machine.hear(Command(DO, TERMINAL_TYPE))
    answer = machine.hear(Command(SB, TERMINAL_TYPE, b"\x01")).answer
    assert answer == bytes((IAC, SB, TERMINAL_TYPE, 0)) + b"DUMB" + bytes((IAC, SE))


@given(st.lists(st.tuples(st.sampled_from([WILL, WONT, DO, DONT, SB, AYT]), st.integers(0, 255)), max_size=700))
def test_answers_are_bounded_whatever_comes(commands: list[tuple[int, int]]) -> None:
    machine = TelnetMachine()
    answers = [machine.hear(Command(code, option, b"\x01")).answer for code, option in commands]
    assert sum(1 for answer in answers if answer) <= MOST_ANSWERS


def test_two_machines_fall_silent() -> None:
    """Whatever one says first, their answers to each other end (RFC 1143 §2)."""
    for verb in (WILL, WONT, DO, DONT):
        one, other = TelnetMachine(), TelnetMachine()
        answer = one.hear(Command(verb, ECHO)).answer
        for turn in range(6):
            if not answer:
                break
            answer = (other if turn % 2 == 0 else one).hear(Command(answer[1], answer[2])).answer
        assert not answer
