"""What chat servers say to other chat servers, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import xmpp_server
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# A stream between servers with its offers (RFC 6120 §9.2).
SESSION = (
    Turn(
        xmpp_server.first_words("lab.example"),
        b"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' id='a1' "
        b"from='lab.example' version='1.0'><stream:features>"
        b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
    ),
    Turn(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "xmpp_server", port: int = 5269) -> Context:
    return Context(host="lab.example", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "xmpp_server", port: int = 5269) -> Identity | None:
    return xmpp_server.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = xmpp_server.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "xmpp_server"
    assert found.product == ""
    assert found.host_name == "lab.example"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["starttls"] is True


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("xmpp_server", "")


def test_the_conversation_goes_as_it_went() -> None:
    assert xmpp_server.first_words("lab.example") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert xmpp_server.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert xmpp_server.next_words(heard(SESSION), about()) is Step.START_TLS


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
        b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
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
        found.service == "xmpp_server" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
