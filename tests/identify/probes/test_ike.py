"""Answers of a real IKE daemon, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import ike
from doorward.identify.probing import Context, Turn
from doorward.values.transports import Transport

# strongSwan 5.9.8 (Debian 12).
NO_PROPOSAL = b'doorward\x00\x00\x00\x00\x00\x00\x00\x00) " \x00\x00\x00\x00\x00\x00\x00$\x00\x00\x00\x08\x00\x00\x00\x0e'
WRONG_SYNTAX = b'doorward\x9f\xd1f\xbd\x1f\xdc\x8d\xd7) " \x00\x00\x00\x00\x00\x00\x00$\x00\x00\x00\x08\x00\x00\x00\x07'
OLD_REFUSAL = b"doorward" + b"R" * 8 + b"\x0b\x10\x05\x00" + bytes(4) + (40).to_bytes(4) + bytes(12)
ANSWERS = [NO_PROPOSAL, OLD_REFUSAL]


@pytest.mark.parametrize(
    ("answer", "version", "word"),
    [
        (NO_PROPOSAL, "2.0", "NO_PROPOSAL_CHOSEN"),
        (WRONG_SYNTAX, "2.0", "INVALID_SYNTAX"),
        (bytes(4) + NO_PROPOSAL, "2.0", "NO_PROPOSAL_CHOSEN"),
        (OLD_REFUSAL, "1.0", None),
    ],
)
def test_reads_refusals(answer: bytes, version: str, word: str | None) -> None:
    found = ike.read(answer, Context(transport=Transport.UDP))
    assert found is not None
    assert (found.facts["protocol_version"], found.facts.get("answer")) == (version, word)


def test_the_request_is_as_long_as_it_says() -> None:
    words = ike.first_words("h")
    assert int.from_bytes(words[24:28]) == len(words) <= 100
    assert words.startswith(b"doorward")


@pytest.mark.parametrize("other", [b"", ike.first_words("h"), NO_PROPOSAL[:-1], b"another!" + NO_PROPOSAL[8:], bytes(40)])
def test_leaves_others_alone(other: bytes) -> None:
    assert ike.read(other, Context(transport=Transport.UDP)) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="ike", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = ike.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "ike"
