"""Silence is taken for discard on its own port alone."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.catalog import probe_named
from doorward.identify.dialogue import Dialogue
from doorward.identify.probes import discard
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

TAKEN = Context(spoke="discard", port=9, turns=(Turn(discard.first_words("h"), b""),))


def test_silence_after_our_words_on_its_port_is_a_guess() -> None:
    found = discard.read(b"", TAKEN)
    assert found is not None
    assert found.certainty is Certainty.INFERRED
    assert found.facts["authentication"] == "none"


@pytest.mark.parametrize(
    "context",
    [
        msgspec.structs.replace(TAKEN, port=24009),
        msgspec.structs.replace(TAKEN, closed=True),
        msgspec.structs.replace(TAKEN, transport=Transport.UDP),
        msgspec.structs.replace(TAKEN, turns=()),
    ],
)
def test_silence_elsewhere_is_silence(context: Context) -> None:
    assert discard.read(b"", context) is None


@given(st.binary(min_size=1, max_size=50))
def test_any_answer_rules_it_out(received: bytes) -> None:
    assert discard.read(received, TAKEN) is None


def test_a_dialogue_that_meets_silence_asks_this_reader() -> None:
    for port, expected in ((9, "discard"), (24009, None)):
        dialogue = Dialogue(probe_named("discard"), Context(port=port), banner_wait_s=0, patience_s=1)
        assert dialogue.pause() == discard.first_words("h")
        assert dialogue.pause() is Step.DONE
        assert (dialogue.claim.service if dialogue.claim else None) == expected
