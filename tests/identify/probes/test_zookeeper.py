"""ZooKeeper's answers to its four letters, and what must be read from them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import zookeeper
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

# ZooKeeper 3.8.0 of Debian 12.
SESSION = (
    Turn(
        b"srvr",
        (
            b"Zookeeper version: 3.8.0-${mvngit.commit.id}, built on 2024-12-29 17:54 UTC\nLatency min/avg/max: 0/0.0/0\nR"
            b"eceived: 3\nSent: 2\nConnections: 1\nOutstanding: 0\nZxid: 0x0\nMode: standalone\nNode count: 5\n"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "zookeeper", port: int = 2181) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "zookeeper", port: int = 2181) -> Identity | None:
    return zookeeper.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = zookeeper.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "zookeeper"
    assert found.product == "Apache ZooKeeper"
    assert found.version == "3.8.0"
    assert found.revision == ""
    assert found.cpe == "cpe:2.3:a:apache:zookeeper:3.8.0:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["mode"] == "standalone"
    assert "without a group" in found.sentence


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("zookeeper", "Apache ZooKeeper")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"srvr is not executed because it is not in the whitelist.\n", "Apache ZooKeeper", "", "unknown", Certainty.MEASURED),
        (
            b"Zookeeper version: 3.4.13-2d71af4dbe22557fda74f9a9b4309b15a7487f03, built on 06/29/2018 04:05 GMT\n",
            "Apache ZooKeeper",
            "3.4.13",
            "unknown",
            Certainty.MEASURED,
        ),
        (b"This ZooKeeper instance is not currently serving requests\n", "Apache ZooKeeper", "", "unknown", Certainty.MEASURED),
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
        found.service == "zookeeper" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
