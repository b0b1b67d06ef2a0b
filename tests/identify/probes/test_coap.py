"""What small things answer in CoAP, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import coap
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

# libcoap 4.3.1 of Debian 12, its example's server.
SESSION = (
    Turn(
        b"A\x01DW\x07\xbb.well-known\x04core",
        (
            b'aEDW\x07\xc1(\xff</>;title="General Info";ct=0,</time>;if="clock";rt="ticks";title="Internal Clock";ct=0;obs'
            b',</async>;ct=0,</example_data>;title="Example Data";ct=0;obs'
        ),
    ),
)
# The same in TCP, before it is asked anything.
SETTINGS = (Turn(b"", b"P\xe1#\x80\x01\x00 "),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "coap", port: int = 5683) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns, transport=Transport.UDP)


def answered(received: bytes, sent: bytes = b"", spoke: str = "coap", port: int = 5683) -> Identity | None:
    return coap.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = coap.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "coap"
    assert found.product == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["code"] == "2.05"
    assert found.facts["authentication"] == "none"
    assert found.facts["resources"] == ["/", "/time", "/async", "/example_data"]


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("coap", "")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"\x61\x84DW\x07", "", "", "unknown", Certainty.MEASURED),
        (b"\x60\x00DW", "", "", "unknown", Certainty.MEASURED),
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
        b"\x61\x45XY\x07",
        b"\x61\x45DW\x08",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_in_tcp_the_settings_come_first() -> None:
    assert coap.read(heard(SETTINGS), Context(port=5683)) is not None
    answer = heard(SETTINGS) + b"\x51\x45\x07\xff</>;"
    found = coap.read(answer, Context(port=5683, spoke="coap"))
    assert found is not None
    assert found.facts["resources"] == ["/"]
    assert coap.read(b"\x51\x45\x07\xff</>;", Context(port=5683)) is None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "coap" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
