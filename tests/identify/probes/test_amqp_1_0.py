"""What brokers say in AMQP 1.0, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import amqp_1_0
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

# RabbitMQ 3.10.8 of Debian 12 with its plugin for AMQP 1.0.
SESSION = (
    Turn(
        b"AMQP\x03\x01\x00\x00",
        (
            b"AMQP\x03\x01\x00\x00\x00\x00\x004\x02\x01\x00\x00\x00S@\xc0'\x01\xe0$\x03\xb3\x00\x00\x00\tANONYMOUS\x00\x00"
            b"\x00\x05PLAIN\x00\x00\x00\x08AMQPLAIN"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "amqp_1_0", port: int = 5672) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "amqp_1_0", port: int = 5672) -> Identity | None:
    return amqp_1_0.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = amqp_1_0.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "amqp_1_0"
    assert found.product == ""
    assert found.version == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["mechanisms"] == ["ANONYMOUS", "PLAIN", "AMQPLAIN"]
    assert found.facts["protocol_version"] == "1.0"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("amqp_1_0", "")


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
        b"AMQP\x03\x01\x00\x00",
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
        found.service == "amqp_1_0" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
