"""What brokers say in STOMP, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import stomp
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

# RabbitMQ 3.10.8 of Debian 12.
SESSION = (
    Turn(
        b"CONNECT\naccept-version:1.0,1.1,1.2\nhost:/\n\n\x00",
        (b"CONNECTED\nserver:RabbitMQ/3.10.8\nsession:session-Df2zDxwHcRVzjSc1je3Vgw\nheart-beat:0,0\nversion:1.2\n\n\x00\n"),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "stomp", port: int = 61613) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "stomp", port: int = 61613) -> Identity | None:
    return stomp.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = stomp.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "stomp"
    assert found.product == "RabbitMQ"
    assert found.version == "3.10.8"
    assert found.cpe == "cpe:2.3:a:vmware:rabbitmq:3.10.8:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["protocol_version"] == "1.2"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("stomp", "RabbitMQ")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            b"CONNECTED\nserver:ActiveMQ/5.16.3\nheart-beat:0,0\nsession:ID:a\nversion:1.2\n\n\x00",
            "ActiveMQ",
            "5.16.3",
            "none",
            Certainty.MEASURED,
        ),
        (b"ERROR\nmessage:Bad CONNECT\ncontent-length:4\n\nNo\n\0", "", "", "required", Certainty.MEASURED),
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
        b"ERROR\n\n\0",
        b"CONNECTED\n\n",
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
        found.service == "stomp" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
