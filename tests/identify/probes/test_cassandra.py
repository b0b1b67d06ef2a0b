"""What Cassandra answers in its native protocol, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import cassandra
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty


def frame(opcode: int, body: bytes, version: int = 0x84) -> bytes:
    return bytes((version, 0, 0, 7, opcode)) + len(body).to_bytes(4) + body


def text(value: str) -> bytes:
    return len(value).to_bytes(2) + value.encode()


def options(**values: str) -> bytes:
    return len(values).to_bytes(2) + b"".join(text(name) + b"\0\1" + text(value) for name, value in values.items())


ROW = b"".join(len(value).to_bytes(4) + value for value in (b"4.1.3", b"Lab", b"dc1"))
COLUMNS = b"".join(text(name) + b"\0\x0d" for name in ("release_version", "cluster_name", "data_center"))
RESULT = b"\0\0\0\2\0\0\0\1\0\0\0\3" + text("system") + text("local") + COLUMNS + b"\0\0\0\1" + ROW
OFFERS = frame(6, options(CQL_VERSION="3.4.6", PROTOCOL_VERSIONS="5/v5"))
QUERY = b"SELECT release_version, cluster_name, data_center FROM system.local"


# Three answers as the protocol's specification shapes them.
SESSION = (
    Turn(b"\x04\x00\x00\x07\x05\x00\x00\x00\x00", OFFERS),
    Turn(b"\x04\x00\x00\x07\x01\x00\x00\x00\x16\x00\x01\x00\x0bCQL_VERSION\x00\x053.0.0", frame(2, b"")),
    Turn(b"\x04\x00\x00\x07\x07" + (len(QUERY) + 7).to_bytes(4) + len(QUERY).to_bytes(4) + QUERY + b"\x00\x01\x00", frame(8, RESULT)),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "cassandra", port: int = 9042) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "cassandra", port: int = 9042) -> Identity | None:
    return cassandra.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = cassandra.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "cassandra"
    assert found.product == "Apache Cassandra"
    assert found.version == "4.1.3"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["cluster_name"] == "Lab"
    assert found.facts["cql_versions"] == ["3.4.6"]


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("cassandra", "Apache Cassandra")


def test_the_conversation_goes_as_it_went() -> None:
    assert cassandra.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert cassandra.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert cassandra.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (OFFERS, "Apache Cassandra", "", "unknown", Certainty.MEASURED),
        (
            OFFERS + frame(3, text("org.apache.cassandra.auth.PasswordAuthenticator")),
            "Apache Cassandra",
            "",
            "required",
            Certainty.MEASURED,
        ),
        (frame(6, options(CQL_VERSION="3.3.1", SCYLLA_SHARD="0")), "ScyllaDB", "", "unknown", Certainty.MEASURED),
        (
            frame(0, bytes(4) + text("Invalid or unsupported protocol version (4)"), 0x85),
            "Apache Cassandra",
            "",
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
        frame(6, b"\0\x09"),
        frame(0, bytes(8)),
        b"\x84\0\0\7\6\xff\xff\xff\xff",
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
        found.service == "cassandra" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
