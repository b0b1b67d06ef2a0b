"""How CouchDB welcomes, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import couchdb
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# The welcome as CouchDB's documentation shows it.
SESSION = (
    Turn(
        couchdb.first_words("127.0.0.1"),
        b"HTTP/1.1 200 OK\r\nServer: CouchDB/3.3.2 (Erlang OTP/24)\r\nContent-Type: application/json\r\nContent-Length: 98\r\n\r\n"
        b'{"couchdb":"Welcome","version":"3.3.2","uuid":"85fb71bf","vendor":{"name":"The Apache Software Foundation"}}',
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "couchdb", port: int = 5984) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "couchdb", port: int = 5984) -> Identity | None:
    return couchdb.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = couchdb.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "couchdb"
    assert found.product == "CouchDB"
    assert found.version == "3.3.2"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["server_id"] == "85fb71bf"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("couchdb", "CouchDB")


def test_the_conversation_goes_as_it_went() -> None:
    assert couchdb.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert couchdb.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert couchdb.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "couchdb" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
