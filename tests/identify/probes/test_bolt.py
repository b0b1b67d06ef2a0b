"""What Neo4j answers in Bolt, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import bolt
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

SUCCESS = b"\xb1\x70\xa2\x86server\x8cNeo4j/5.13.0\x8dconnection_id\x86bolt-1"


# Version 5.4 agreed on, and HELLO's answer as the protocol's documentation shapes it.
SESSION = (
    Turn(bolt.first_words("127.0.0.1"), b"\x00\x00\x04\x05"),
    Turn(b"\x00\x19\xb1\x01\xa1\x8auser_agent\x8aDoorward/1\x00\x00", len(SUCCESS).to_bytes(2) + SUCCESS + b"\0\0"),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "bolt", port: int = 7687) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "bolt", port: int = 7687) -> Identity | None:
    return bolt.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = bolt.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "bolt"
    assert found.product == "Neo4j"
    assert found.version == "5.13.0"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["protocol_version"] == "5.4"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("bolt", "Neo4j")


def test_the_conversation_goes_as_it_went() -> None:
    assert bolt.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert bolt.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert bolt.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"\x00\x00\x03\x04", "", "", "unknown", Certainty.MEASURED),
        (b"\x00\x00\x00\x03", "", "", "unknown", Certainty.MEASURED),
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
        b"\x00\x00\x00\x00",
        b"\x00\x00\x09\x05",
        b"\x00\x00\x04\x05garbage",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_only_our_own_words_make_four_bytes_an_answer() -> None:
    assert answered(b"\x00\x00\x03\x04", spoke="http") is None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "bolt" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
