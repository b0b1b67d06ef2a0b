"""XMPP's streams: how one is opened, and what of an answer is understood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.identify.probes._xml_streams import CLIENT, SERVER, conclude, next_question, open_stream
from doorward.identify.probing import Context, Step, Tunnel, Turn

OPENING = b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='a.example'>"
OFFER = b"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"
CAPABLE = b"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://www.process-one.net/en/ejabberd/' ver='x='/>"


@pytest.mark.parametrize(
    ("host", "to"),
    [
        ("chat.example", b" to='chat.example'>"),
        ("2001:db8::1", b" to='2001:db8::1'>"),
        ("a'><b", b"version='1.0'>"),
        ("", b"version='1.0'>"),
    ],
)
def test_only_a_name_is_named(host: str, to: bytes) -> None:
    assert open_stream(host, CLIENT).endswith(to)


def test_encryption_is_asked_for_outside_and_not_again_inside() -> None:
    turns = (Turn(open_stream("a.example", CLIENT), OPENING + OFFER),)
    asked = next_question(OPENING + OFFER, Context(turns=turns))
    assert isinstance(asked, bytes)
    assert asked.startswith(b"<starttls")
    assert next_question(OPENING + OFFER, Context(turns=(*turns, Turn(asked, b"")), tunnel=Tunnel(version="TLSv1.3"))) is Step.DONE
    assert next_question(OPENING + OFFER + b"<failure/>", Context(turns=(*turns, Turn(asked, b"<failure/>")))) is Step.DONE


def test_an_answer_that_is_not_whole_is_waited_for() -> None:
    assert all(next_question((OPENING + OFFER)[:end], Context()) is Step.WAIT for end in range(len(OPENING + OFFER) - 1))


def test_a_servers_abilities_name_it() -> None:
    found = conclude(OPENING + b"<stream:features>" + CAPABLE + b"</stream:features>", Context(spoke="xmpp"), "xmpp", CLIENT)
    assert found is not None
    assert (found.product, found.host_name) == ("ejabberd", "a.example")


def test_the_other_kind_of_stream_is_not_ours() -> None:
    assert conclude(OPENING, Context(), "xmpp_server", SERVER) is None


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    for received in (data, OPENING + data):
        found = conclude(received, Context(), "xmpp", CLIENT)
        assert found is None or found.host_name.isprintable()
        next_question(received, Context())
