"""What Elasticsearch and OpenSearch tell of themselves, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import elasticsearch
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

# The start answer as Elasticsearch's documentation shows it.
SESSION = (
    Turn(
        elasticsearch.first_words("127.0.0.1"),
        b"HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\ncontent-type: application/json\r\nConnection: close\r\n\r\n"
        b'{"name":"node-1","cluster_name":"lab","version":{"number":"8.11.1","build_flavor":"default","lucene_version":"9.8.0"},'
        b'"tagline":"You Know, for Search"}',
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "elasticsearch", port: int = 9200) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "elasticsearch", port: int = 9200) -> Identity | None:
    return elasticsearch.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = elasticsearch.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "elasticsearch"
    assert found.product == "Elasticsearch"
    assert found.version == "8.11.1"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["node"] == "node-1"
    assert found.facts["cluster"] == "lab"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("elasticsearch", "Elasticsearch")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            (b'HTTP/1.1 200 OK\r\n\r\n{"name":"a","version":{"distribution":"opensearch","number":"2.11.0","lucene_version":"9.7.0"}}'),
            "OpenSearch",
            "2.11.0",
            "none",
            Certainty.MEASURED,
        ),
        (
            (
                b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="security" charset="UTF-8"\r\nX-elastic-product: '
                b"Elasticsearch\r\n\r\n{}"
            ),
            "Elasticsearch",
            "",
            "required",
            Certainty.MEASURED,
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
        b'HTTP/1.1 200 OK\r\n\r\n{"version":"1"}',
        b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="security"\r\n\r\n',
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
        found.service == "elasticsearch" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
