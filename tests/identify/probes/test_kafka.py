"""What Kafka's brokers answer, and what must be read from it."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import kafka
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty


def listed(*requests: int, error: int = 0) -> bytes:
    body = b"Door" + struct.pack(">hi", error, len(requests)) + b"".join(struct.pack(">hhh", request, 0, 9) for request in requests)
    return len(body).to_bytes(4) + body


# A list as the protocol's guide shapes it.
SESSION = (Turn(b"\x00\x00\x00\x12\x00\x12\x00\x00Door\x00\x08doorward", listed(0, 1, 3, 17, 18, 60, 65)),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "kafka", port: int = 9092) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "kafka", port: int = 9092) -> Identity | None:
    return kafka.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = kafka.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "kafka"
    assert found.product == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["requests"] == 7
    assert found.facts["version_at_least"] == "3.0"
    assert found.facts["logins_offered"] is True


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("kafka", "")


def test_the_conversation_goes_as_it_went() -> None:
    assert kafka.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert kafka.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert kafka.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (listed(18, error=35), "", "", "unknown", Certainty.MEASURED),
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
        listed(0, 1),
        listed(18, error=2),
        b"\0\0\0\x10Door\0\0\0\0\xff\xff" + bytes(6),
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
        found.service == "kafka" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
