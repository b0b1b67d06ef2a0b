import os
import pty
import termios

from doorward.cli._keyboard import Keyboard, own_keys
from doorward.cli._line_editor import LineEditor


def test_keys_come_one_by_one_and_the_terminal_is_given_back() -> None:
    person, terminal = pty.openpty()
    before = termios.tcgetattr(terminal)
    drawn, hidden = [], [False]
    with own_keys(terminal):
        assert termios.tcgetattr(terminal) != before
        keyboard = Keyboard(terminal, LineEditor(), lambda: hidden[0], lambda: drawn.append(1))
        os.write(person, b"hel")
        keyboard.listen()
        assert keyboard.editor.text == "hel"
        os.write(person, b"lo\r")
        keyboard.listen()
        assert list(keyboard.take()) == [(b"hello", True)]
        hidden[0] = True
        os.write(person, b"geheim\r")
        keyboard.listen()
        assert list(keyboard.take()) == [(b"geheim", True)]
        assert keyboard.editor.earlier == ["hello"]
        assert keyboard.fileno() == terminal
        os.write(person, b"\x1d")
        keyboard.listen()
        assert keyboard.has_left
        assert keyboard.fileno() is None
    assert termios.tcgetattr(terminal) == before
    assert len(drawn) == 4
    os.close(person)
    os.close(terminal)
