"""What etcd tells of itself, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import etcd
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# etcd 3.4.23 of Debian 12.
SESSION = (
    Turn(
        (b"GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Doorward\r\nAccept: application/json, */*\r\nConnection: close\r\n\r\n"),
        (
            b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Headers: accept, content-type, authorization\r\nAccess-Control-Allow"
            b"-Methods: POST, GET, OPTIONS, PUT, DELETE\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: application/jso"
            b'n\r\nDate: Mon, 23 Nov 2026 19:11:54 GMT\r\nContent-Length: 45\r\nConnection: close\r\n\r\n{"etcdserver":"3.'
            b'4.23","etcdcluster":"3.4.0"}'
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "etcd", port: int = 2379) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "etcd", port: int = 2379) -> Identity | None:
    return etcd.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = etcd.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "etcd"
    assert found.product == "etcd"
    assert found.version == "3.4.23"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["cluster_version"] == "3.4.0"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("etcd", "etcd")


def test_the_conversation_goes_as_it_went() -> None:
    assert etcd.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert etcd.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert etcd.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            (
                b"HTTP/1.1 404 Not Found\r\nAccess-Control-Allow-Headers: accept, content-type, authorization\r\nAccess-Contro"
                b"l-Allow-Methods: POST, GET, OPTIONS, PUT, DELETE\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
            ),
            "etcd",
            "",
            "unknown",
            Certainty.INFERRED,
        ),
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
        found.service == "etcd" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
