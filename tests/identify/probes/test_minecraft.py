"""States as the protocol's description shows them, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import minecraft
from doorward.identify.probing import Context, Step, Turn


def state(text: bytes) -> bytes:
    body = b"\x00" + varint(len(text)) + text
    return varint(len(body)) + body


def varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


TOLD = state(b'{"version":{"name":"Paper 1.20.4","protocol":765},"players":{"max":100,"online":5},"description":{"text":"Hello, world!"}}')
ANSWERS = [TOLD]


def test_reads_the_state() -> None:
    found = minecraft.read(TOLD, Context())
    assert found is not None
    assert (found.product, found.version, found.facts["users"]) == ("Minecraft (Paper)", "1.20.4", 5)
    assert minecraft.next_words(TOLD[:-1], Context()) is Step.WAIT
    assert minecraft.next_words(TOLD, Context()) is Step.DONE
    assert minecraft.next_words(b"\xff" * 9, Context()) is Step.DONE
    words = minecraft.first_words("example.org")
    assert words[0] == len(words) - 3


@pytest.mark.parametrize(
    "other", [b"", TOLD[:-1], state(b"{}"), state(b"[1]"), state(b'{"version":{"name":1}}'), b"\x05\x00\x03abc", b"\x01" + TOLD[1:]]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert minecraft.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="minecraft", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = minecraft.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "minecraft"
