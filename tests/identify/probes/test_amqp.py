"""What brokers say in AMQP, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import amqp
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# RabbitMQ 3.10.8 of Debian 12.
SESSION = (
    Turn(
        b"AMQP\x00\x00\t\x01",
        (
            b"\x01\x00\x00\x00\x00\x01\xed\x00\n\x00\n\x00\t\x00\x00\x01\xc8\x0ccapabilitiesF\x00\x00\x00\xc7\x12publisher"
            b"_confirmst\x01\x1aexchange_exchange_bindingst\x01\nbasic.nackt\x01\x16consumer_cancel_notifyt\x01\x12connect"
            b"ion.blockedt\x01\x13consumer_prioritiest\x01\x1cauthentication_failure_closet\x01\x10per_consumer_qost\x01\x0f"
            b"direct_reply_tot\x01\x0ccluster_nameS\x00\x00\x00\x06rab@vm\tcopyrightS\x00\x00\x007Copyright (c) 2007-2022 "
            b"VMware, Inc. or its affiliates.\x0binformationS\x00\x00\x009Licensed under the MPL 2.0. Website: https://rab"
            b"bitmq.com\x08platformS\x00\x00\x00\x11Erlang/OTP 25.2.3\x07productS\x00\x00\x00\x08RabbitMQ\x07versionS\x00\x00"
            b"\x00\x063.10.8\x00\x00\x00\x0eAMQPLAIN PLAIN\x00\x00\x00\x05en_US\xce"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "amqp", port: int = 5672) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "amqp", port: int = 5672) -> Identity | None:
    return amqp.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = amqp.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "amqp"
    assert found.product == "RabbitMQ"
    assert found.version == "3.10.8"
    assert found.host_name == "vm"
    assert found.cpe == "cpe:2.3:a:vmware:rabbitmq:3.10.8:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "required"
    assert found.facts["mechanisms"] == ["AMQPLAIN", "PLAIN"]
    assert found.facts["platform"] == "Erlang/OTP 25.2.3"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("amqp", "RabbitMQ")


def test_the_conversation_goes_as_it_went() -> None:
    assert amqp.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert amqp.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert amqp.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"AMQP\x03\x01\x00\x00", "", "", "required", Certainty.MEASURED),
        (b"AMQP\x00\x00\x09\x01", "", "", "unknown", Certainty.MEASURED),
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
        b"AMQP\xff\xff\xff\xff",
        b"AMQP",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_a_table_that_lies_is_read_as_far_as_it_goes() -> None:
    assert amqp.decode_table(b"\x01at\x01\x01bS\xff\xff\xff\xffx") == {"a": True}
    deep = b"\x01aF\x00\x00\x00\x07" * 50
    assert list(amqp.decode_table(deep)) in ([], ["a"])


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "amqp" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
