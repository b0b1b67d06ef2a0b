"""Answers of a real X server, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import x11
from doorward.identify.probing import Context, Step, Turn

# TigerVNC 1.12.0's X server of X.Org 21.1.6 (Debian 12), without access control; cut behind the first formats.
OPEN = (
    b"\x01\x00\x0b\x00\x00\x00U\t\x8e\xa5\xb8\x00\x00\x00 \x00\xff\xff\x1f\x00\x00\x01\x00\x00\x14\x00\xff\xff\x01\x06\x00\x00"
    b"  \x08\xff\x00\x00\x00\x00The X.Org Foundation\x01\x01 \x00\x00\x00\x00\x00\x04\x08 \x00\x00\x00\x00\x00"
)
REASON = b"Authorization required, but no authorization protocol specified\n"
LOCKED = b"\x00" + bytes([len(REASON)]) + b"\x0b\x00\x00\x00" + (len(REASON) // 4).to_bytes(2, "little") + REASON
ANSWERS = [OPEN, LOCKED]


def test_an_open_display_is_told() -> None:
    found = x11.read(OPEN, Context())
    assert found is not None
    assert (found.product, found.version, found.vendor) == ("X.Org X server", "21.1.6", "The X.Org Foundation")
    assert found.facts["authentication"] == "none"
    assert found.cpe == "cpe:2.3:a:x.org:x_server:21.1.6:*:*:*:*:*:*:*"


@pytest.mark.parametrize(("release", "version"), [(12013000, "1.20.13"), (12004000, "1.20.4"), (12101006, "21.1.6"), (70000000, "")])
def test_releases_of_xorg(release: int, version: str) -> None:
    found = x11.read(OPEN[:8] + release.to_bytes(4, "little") + OPEN[12:], Context())
    assert found is not None
    assert found.version == version


def test_a_locked_display_is_told() -> None:
    found = x11.read(LOCKED, Context())
    assert found is not None
    assert (found.facts["authentication"], found.product) == ("required", "")
    assert found.facts["banner"] == REASON.decode().strip()


def test_the_conversation_ends_behind_the_name() -> None:
    assert all(x11.next_words(OPEN[:end], Context()) is Step.WAIT for end in range(1, 60))
    assert x11.next_words(OPEN[:60], Context()) is Step.DONE
    assert x11.next_words(LOCKED[:-1], Context()) is Step.WAIT
    assert x11.next_words(LOCKED, Context()) is Step.DONE


@pytest.mark.parametrize(
    "other", [b"", OPEN[:50], LOCKED[:30], b"\x03" + OPEN[1:], b"l\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00", bytes(40)]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert x11.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="x11", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = x11.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "x11"
