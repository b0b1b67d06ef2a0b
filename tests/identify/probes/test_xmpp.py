"""What chat servers say when a stream is opened, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import xmpp
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# Prosody 0.12.3 of Debian 12, called by a name that is not its own.
SESSION = (
    Turn(
        (
            b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' ve"
            b"rsion='1.0' to='127.0.0.1'>"
        ),
        (
            b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='311bad76-cc7b-413f-82db-3fa71a7368bf' xmlns:st"
            b"ream='http://etherx.jabber.org/streams' version='1.0' xml:lang='en' from='127.0.0.1'><stream:error><host-unk"
            b"nown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>This ser"
            b"ver does not serve 127.0.0.1</text></stream:error></stream:stream>"
        ),
    ),
)
# The same, called by its name.
WELCOME = (
    Turn(
        (
            b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' ve"
            b"rsion='1.0' to='lab.example'>"
        ),
        (
            b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='981c3d3e-9ad6-425c-9d87-faac43260c9e' xmlns:st"
            b"ream='http://etherx.jabber.org/streams' version='1.0' xml:lang='en' from='lab.example'><stream:features><sta"
            b"rttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechani"
            b"sm>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
        ),
    ),
    Turn(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "xmpp", port: int = 5222) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "xmpp", port: int = 5222) -> Identity | None:
    return xmpp.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = xmpp.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "xmpp"
    assert found.product == "Prosody"
    assert found.host_name == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["error"] == "host-unknown"
    assert found.facts["authentication"] == "required"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("xmpp", "Prosody")


def test_the_conversation_goes_as_it_went() -> None:
    assert xmpp.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert xmpp.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert xmpp.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (heard(WELCOME), "", "", "required", Certainty.MEASURED),
        (
            (
                b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='' xml:lang='en' xmlns:stream='http://etherx.ja"
                b"bber.org/streams'><stream:error><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error"
                b"></stream:stream>"
            ),
            "Prosody",
            "",
            "required",
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
        b"<?xml version='1.0'?><html>",
        b"<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_it_goes_on_encrypted_where_it_can() -> None:
    assert xmpp.next_words(heard(WELCOME[:1]), about(WELCOME[:1])) == WELCOME[1].sent
    assert xmpp.next_words(heard(WELCOME), about(WELCOME)) is Step.START_TLS
    found = xmpp.read(heard(WELCOME), about(WELCOME))
    assert found is not None
    assert (found.host_name, found.facts["starttls"], found.facts["mechanisms"]) == ("lab.example", True, ["SCRAM-SHA-1"])


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "xmpp" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
