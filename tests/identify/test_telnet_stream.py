"""The stream as a table, and the law that how it was cut changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.telnet_stream import Command, TelnetStream

STREAMS: list[tuple[bytes, list[bytes | Command]]] = [
    (b"plain", [b"plain"]),
    (b"a\xff\xffb", [b"a\xffb"]),
    (b"\xff\xfd\x18login: ", [Command(253, 24, place=0), b"login: "]),
    (b"x\xff\xfa\x18\x01\xff\xf0y", [b"x", Command(250, 24, b"\x01", place=1), b"y"]),
    (b"\xff\xfa\x1f\xff\xff\xff\xf0", [Command(250, 31, b"\xff", place=0)]),
    (b"\xff\xf6", [Command(246, place=0)]),
    (b"a\r\x00b\r\nc", [b"a\rb\r\nc"]),
    (b"x\xff", [b"x"]),
    (b"x\xff\xfa\x18never ends", [b"x"]),
]


@pytest.mark.parametrize(("stream", "pieces"), STREAMS)
def test_streams(stream: bytes, pieces: list[bytes | Command]) -> None:
    assert TelnetStream().feed(stream) == pieces


def joined(pieces: list[bytes | Command]) -> list[bytes | Command]:
    """Join neighbouring texts: where a portion ended is no matter."""
    whole: list[bytes | Command] = []
    for piece in pieces:
        if isinstance(piece, bytes) and whole and isinstance(whole[-1], bytes):
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole


@given(st.lists(st.sampled_from([b"\xff", b"\xfa", b"\xf0", b"\xfd", b"\x18", b"\r", b"\x00", b"text"]), max_size=60), st.data())
def test_how_it_was_cut_changes_nothing(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    cut = data.draw(st.integers(0, len(stream)))
    whole, portions = TelnetStream(), TelnetStream()
    assert joined(portions.feed(stream[:cut]) + portions.feed(stream[cut:])) == joined(whole.feed(stream))


def test_a_parameter_without_end_hides_nothing() -> None:
    pieces = TelnetStream().feed(b"\xff\xfa\x18" + b"A" * 9000)
    assert pieces == [Command(250, 24), b"A" * 9000]


@given(st.binary(max_size=9000))
def test_any_bytes_are_parted_and_none_is_kept_for_ever(stream: bytes) -> None:
    parted = TelnetStream()
    size = sum(len(piece) if isinstance(piece, bytes) else len(piece.parameter) for piece in parted.feed(stream))
    assert size <= len(stream)
    assert len(b"".join(piece for piece in parted.feed(b"x" * 5000) if isinstance(piece, bytes))) >= 900
