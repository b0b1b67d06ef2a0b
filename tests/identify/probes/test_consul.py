"""What Consul's agent tells, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import consul
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# An answer as Consul's documentation shows it.
SESSION = (
    Turn(
        consul.first_words("127.0.0.1"),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Consul-Default-Acl-Policy: allow\r\nContent-Length: 83\r\n\r\n"
        b'{"Config":{"Datacenter":"dc1","NodeName":"c1","NodeID":"9d75","Version":"1.16.1"}}\n',
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "consul", port: int = 8500) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "consul", port: int = 8500) -> Identity | None:
    return consul.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = consul.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "consul"
    assert found.product == "Consul"
    assert found.version == "1.16.1"
    assert found.host_name == "c1"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["datacenter"] == "dc1"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("consul", "Consul")


def test_the_conversation_goes_as_it_went() -> None:
    assert consul.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert consul.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert consul.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            b"HTTP/1.1 403 Forbidden\r\nX-Consul-Default-Acl-Policy: deny\r\n\r\nPermission denied",
            "Consul",
            "",
            "required",
            Certainty.MEASURED,
        ),
        (b"HTTP/1.1 200 OK\r\n\r\n<html><head><title>Consul by HashiCorp</title>", "Consul", "", "unknown", Certainty.INFERRED),
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
        found.service == "consul" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
