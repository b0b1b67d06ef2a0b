"""What InfluxDB tells of itself, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import influxdb
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# InfluxDB 1.6.7 of Debian 12.
SESSION = (
    Turn(
        (b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Doorward\r\nAccept: application/json, */*\r\nConnection: close\r\n\r\n"),
        (
            b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nX-In"
            b"fluxdb-Build: OSS\r\nX-Influxdb-Version: 1.6.7~rc0\r\nDate: Mon, 23 Nov 2026 19:11:54 GMT\r\nContent-Length:"
            b" 19\r\nConnection: close\r\n\r\n404 page not found\n"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "influxdb", port: int = 8086) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "influxdb", port: int = 8086) -> Identity | None:
    return influxdb.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = influxdb.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "influxdb"
    assert found.product == "InfluxDB"
    assert found.version == "1.6.7"
    assert found.revision == "rc0"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["build"] == "OSS"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("influxdb", "InfluxDB")


def test_the_conversation_goes_as_it_went() -> None:
    assert influxdb.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert influxdb.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert influxdb.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            (
                b'HTTP/1.1 200 OK\r\n\r\n{"name":"influxdb","message":"ready for queries and writes","status":"pass","checks":'
                b'[],"version":"v2.7.1","commit":"407fa622e9"}'
            ),
            "InfluxDB",
            "2.7.1",
            "unknown",
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
        found.service == "influxdb" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
