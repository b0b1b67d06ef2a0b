"""What whois servers answer, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import whois
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

# A referral server's greeting (RFC 2167 §3.1.9).
SESSION = (Turn(b"", b"%rwhois V-1.5:003fff:00 rwhois.lab.example (by Network Solutions, Inc. V-1.5.9.5)\r\n"),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "whois", port: int = 4321) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "whois", port: int = 4321) -> Identity | None:
    return whois.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = whois.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "whois"
    assert found.product == ""
    assert found.host_name == "rwhois.lab.example"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("whois", "")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            (b"% This is the RIPE Database query service.\r\n% The objects are in RPSL format.\r\n\r\n%ERROR:101: no entries found\r\n"),
            "",
            "",
            "none",
            Certainty.INFERRED,
        ),
        (b'No match for "DOORWARD.INVALID".\r\n>>> Last update of whois database', "", "", "none", Certainty.INFERRED),
    ],
)
def test_what_other_answers_mean(received: bytes, product: str, version: str, authentication: str, certainty: Certainty) -> None:
    found = answered(received)
    assert found is not None
    assert (found.product, found.version, found.facts["authentication"], found.certainty) == (product, version, authentication, certainty)


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
        b"ERROR not found\r\n",
        b"Welcome.\r\n",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_words_of_others_are_not_taken_for_its_own() -> None:
    assert answered(b"No match for it\r\n", spoke="http") is None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "whois" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
