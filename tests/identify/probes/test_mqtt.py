"""What brokers say in MQTT, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import mqtt
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# Mosquitto 2.0.11 of Debian 12.
SESSION = (
    Turn(b"\x10\x14\x00\x04MQTT\x04\x02\x00\n\x00\x08doorward", b" \x02\x00\x00"),
    Turn(b"\x82\x18\x00\x01\x00\x13$SYS/broker/version\x00", b"\x90\x03\x00\x01\x00"),
    Turn(b"\xc0\x00", b"1-\x00\x13$SYS/broker/versionmosquitto version 2.0.11"),
    Turn(b"\xe0\x00", b"\xd0\x00"),
)
# RabbitMQ 3.10.8's plugin: nothing is told of the version.
STRANGE = (
    Turn(b"\x10\x14\x00\x04MQTT\x04\x02\x00\n\x00\x08doorward", b" \x02\x00\x00"),
    Turn(b"\x82\x18\x00\x01\x00\x13$SYS/broker/version\x00", b"\x90\x03\x00\x01\x00"),
    Turn(b"\xc0\x00", b"\xd0\x00"),
    Turn(b"\xe0\x00", b""),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "mqtt", port: int = 1883) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "mqtt", port: int = 1883) -> Identity | None:
    return mqtt.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = mqtt.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "mqtt"
    assert found.product == "Mosquitto"
    assert found.version == "2.0.11"
    assert found.cpe == "cpe:2.3:a:eclipse:mosquitto:2.0.11:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("mqtt", "Mosquitto")


def test_the_conversation_goes_as_it_went() -> None:
    assert mqtt.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert mqtt.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert mqtt.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"\x20\x02\x00\x05", "", "", "required", Certainty.MEASURED),
        (b"\x20\x02\x00\x01", "", "", "unknown", Certainty.MEASURED),
        (b"\x20\x03\x00\x87\x00", "", "", "required", Certainty.MEASURED),
        (heard(STRANGE), "", "", "none", Certainty.MEASURED),
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
        b"\x20\x02\x00\x77",
        b"\x20\x02\x05\x00",
        b"\x20\xff\xff\xff\xff",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_a_broker_that_keeps_its_version_is_not_waited_for() -> None:
    for number in range(1, len(STRANGE)):
        assert mqtt.next_words(heard(STRANGE[:number]), about(STRANGE[:number])) == STRANGE[number].sent


def test_lengths_of_several_bytes() -> None:
    assert mqtt.decode_packets(b"\x30\x80\x01" + bytes(128) + b"\xd0\x00") == [(0x30, bytes(128)), (0xD0, b"")]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "mqtt" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
