"""Answers of a real Munin node, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import munin
from doorward.identify.probing import Context, Step, Turn

# munin-node 2.0.73 (Debian 12).
GREETING = b"# munin node at lab.example\n"
TOLD = GREETING + b"munins node on lab.example version: 2.0.73\n"
ANSWERS = [TOLD]


def test_reads_greeting_and_version() -> None:
    found = munin.read(TOLD, Context())
    assert found is not None
    assert (found.product, found.version, found.host_name) == ("Munin node", "2.0.73", "lab.example")
    bare = munin.read(GREETING + b"# Unknown command. Try cap, list, nodes, config, fetch, version or quit\n", Context())
    assert bare is not None
    assert bare.version == ""


def test_the_conversation_asks_once() -> None:
    assert munin.next_words(GREETING[:9], Context()) is Step.WAIT
    assert munin.next_words(GREETING, Context()) == b"version\n"
    asked = Context(turns=(Turn(b"", GREETING), Turn(b"version\n", b"")))
    assert munin.next_words(GREETING, asked) is Step.WAIT
    assert munin.next_words(TOLD, asked) is Step.DONE
    assert munin.next_words(b"220 ", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", b"# munin", b"# munin node at \n", b"munin node at x\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert munin.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="munin", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = munin.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "munin"
