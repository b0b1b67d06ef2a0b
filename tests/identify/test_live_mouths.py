import os

from doorward.identify.live_mouths import GivenLines, PipedLines


def test_given_lines_come_one_by_one() -> None:
    mouth = GivenLines([b"one", b"two"])
    assert mouth.fileno() is None
    assert list(mouth.take()) == [(b"one", True)]
    assert [mouth.has_left] == [False]
    assert list(mouth.take()) == [(b"two", True)]
    assert mouth.has_left
    assert list(mouth.take()) == []


def test_a_pipe_is_cut_into_lines() -> None:
    reading, writing = os.pipe()
    mouth = PipedLines(reading)
    os.write(writing, b"one\r\ntwo\nthr")
    mouth.listen()
    assert [list(mouth.take()) for _ in range(3)] == [[(b"one", True)], [(b"two", True)], []]
    os.write(writing, b"ee")
    os.close(writing)
    mouth.listen()
    mouth.listen()
    assert list(mouth.take()) == [(b"three", False)]
    assert mouth.has_left
    assert mouth.fileno() is None
    os.close(reading)


def test_an_endless_line_waits_in_bounded_room() -> None:
    reading, writing = os.pipe()
    mouth = PipedLines(reading)
    os.write(writing, b"A" * 65536)
    mouth.listen()
    assert mouth.fileno() is None
    assert [len(line) for line, _ in mouth.take()] == [65536]
    assert mouth.fileno() == reading
    os.close(writing)
    os.close(reading)
