"""Answers of real name servers, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import dns
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

VERSION_QUESTION = b"\x07version\x04bind\x00\x00\x10\x00\x03"
NAME_QUESTION = b"\x02id\x06server\x00\x00\x10\x00\x03"
ROOT_QUESTION = b"\x00\x00\x02\x00\x01"


def version(flags: bytes, text: bytes, ttl: bytes = bytes(4)) -> bytes:
    """An answer to version.bind as all five servers send it: name by pointer, TXT, CH, one string."""
    record = b"\xc0\x0c\x00\x10\x00\x03" + ttl + (len(text) + 1).to_bytes(2) + bytes([len(text)]) + text
    return b"\x1d\x0d" + flags + b"\x00\x01\x00\x01\x00\x00\x00\x00" + VERSION_QUESTION + record


# Debian 12: BIND 9.18.49 ("recursion no"), Unbound 1.17.1, dnsmasq 2.90, NSD 4.6.1, PowerDNS Recursor 4.8.8.
BIND = version(b"\x85\x00", b"9.18.49-1~deb12u3-Debian")
UNBOUND = version(b"\x81\x80", b"unbound 1.17.1")
DNSMASQ = version(b"\x85\x80", b"dnsmasq-2.90")
NSD = version(b"\x81\x00", b"NSD 4.6.1")
RECURSOR = version(b"\x81\x80", b"PowerDNS Recursor 4.8.8", b"\x00\x01\x51\x80")
# Unbound names itself "vm"; BIND answers with its zone instead; dnsmasq doesn't know the question.
UNBOUND_NAME = (
    b"\x1d\x0e\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + NAME_QUESTION + b"\xc0\x0c\x00\x10\x00\x03\x00\x00\x00\x00\x00\x03\x02vm"
)
BIND_NAME = (
    b"\x1d\x0e\x85\x00\x00\x01\x00\x00\x00\x01\x00\x00\x02id\x06server\x00\x00\x10\x00\x03\xc0\x0c\x00\x06\x00\x03\x00\x01Q\x80\x00#\xc0\x0c\n"
    b"hostmaster\xc0\x0c\x00\x00\x00\x00\x00\x00p\x80\x00\x00\x1c \x00\t:\x80\x00\x01Q\x80"
)
DNSMASQ_NAME = b"\x1d\x0e\x81\x84\x00\x01\x00\x00\x00\x00\x00\x00" + NAME_QUESTION
REFUSED_ROOT = b"\x1d\x0f\x81\x05\x00\x01\x00\x00\x00\x00\x00\x00" + ROOT_QUESTION
SERVED_ROOT = (
    b"\x1d\x0f\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + ROOT_QUESTION + b"\x00\x00\x02\x00\x01\x00\x07\xe9\x00\x00\x14"
    b"\x01a\x0croot-servers\x03net\x00"
)
UDP = Context(spoke="dns", port=53, transport=Transport.UDP)


def framed(*messages: bytes) -> bytes:
    return b"".join(len(message).to_bytes(2) + message for message in messages)


@pytest.mark.parametrize(
    ("received", "product", "number", "system", "cpe"),
    [
        (BIND, "BIND", "9.18.49", "Debian 12", "cpe:2.3:a:isc:bind:9.18.49:*:*:*:*:*:*:*"),
        (UNBOUND, "Unbound", "1.17.1", "", "cpe:2.3:a:nlnetlabs:unbound:1.17.1:*:*:*:*:*:*:*"),
        (DNSMASQ, "dnsmasq", "2.90", "", "cpe:2.3:a:thekelleys:dnsmasq:2.90:*:*:*:*:*:*:*"),
        (NSD, "NSD", "4.6.1", "", "cpe:2.3:a:nlnetlabs:name_server_daemon:4.6.1:*:*:*:*:*:*:*"),
        (RECURSOR, "PowerDNS Recursor", "4.8.8", "", "cpe:2.3:a:powerdns:recursor:4.8.8:*:*:*:*:*:*:*"),
        (version(b"\x81\x80", b"dnsmasq-pi-hole-v2.90+1"), "dnsmasq", "2.90", "", "cpe:2.3:a:thekelleys:dnsmasq:2.90:*:*:*:*:*:*:*"),
        (version(b"\x81\x80", b"go away"), "", "", "", ""),
        (REFUSED_ROOT, "", "", "", ""),
    ],
)
def test_reads_product_and_version(received: bytes, product: str, number: str, system: str, cpe: str) -> None:
    for data, transport in ((received, Transport.UDP), (framed(received), Transport.TCP)):
        found = dns.read(data, Context(spoke="dns", transport=transport))
        assert found is not None
        assert (found.product, found.version, found.system, found.cpe) == (product, number, system, cpe)
        assert found.certainty is Certainty.MEASURED


def test_reads_all_three_answers_laid_end_to_end() -> None:
    found = dns.read(UNBOUND + UNBOUND_NAME + SERVED_ROOT, UDP)
    assert found is not None
    assert found.host_name == "vm"
    assert found.facts["recursion_offered"] is True
    assert found.facts["recursion_available"] is True
    assert found.facts["authoritative_for_root"] is False
    assert found.facts["root_answer"] == "NOERROR"
    assert "only its own network" in found.sentence


def test_a_server_for_its_own_zones_offers_no_recursion() -> None:
    found = dns.read(BIND + BIND_NAME + REFUSED_ROOT, UDP)
    assert found is not None
    assert (found.host_name, found.revision) == ("", "1~deb12u3-Debian")
    assert found.facts["recursion_offered"] is False
    assert found.facts["recursion_available"] is False
    assert found.facts["root_answer"] == "REFUSED"


def test_a_resolver_that_tries_in_vain_offers_recursion_and_its_own_root_does_not() -> None:
    # PowerDNS Recursor 4.8.8 whose forwarder is dead; Unbound 1.17.1 with a local zone for the root.
    for flags, offered in ((b"\x81\x82", True), (b"\x85\x83", False)):
        found = dns.read(b"\x1d\x0f" + flags + REFUSED_ROOT[4:], UDP)
        assert found is not None
        assert found.facts["recursion_offered"] is offered


def test_an_error_without_the_question_counts() -> None:
    found = dns.read(b"\x1d\x0d\x80\x01" + bytes(8), UDP)
    assert found is not None
    assert found.product == ""


@pytest.mark.parametrize(
    "other",
    [
        b"",
        dns.first_datagram("h"),  # an echo: a question is no answer
        UNBOUND[:-1],
        b"\x1d\x0c" + UNBOUND[2:],  # not the number of our question
        UNBOUND.replace(b"version", b"another"),
        b"\x1d\x0d\x80\x00" + bytes(8),  # no error and no question either
        b"\x1d\x0d\x85\x00" + b"\xff" * 8 + VERSION_QUESTION,
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x1d\x0d\x81\x80\x00\x01\x00\x01" + bytes(4) + b"\xc0\x0c\x00\x10\x00\x03" * 2 + bytes(6),  # a name that leads to itself
    ],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert dns.read(other, UDP) is None
    assert dns.read(framed(other), Context(spoke="dns")) is None


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_the_conversation_asks_three_small_questions(transport: Transport) -> None:
    first = dns.first_datagram("h") if transport is Transport.UDP else dns.first_words("h")
    turns: list[Turn] = []
    said: bytes | Step = first
    for answer in (DNSMASQ, DNSMASQ_NAME, REFUSED_ROOT):
        assert isinstance(said, bytes)
        assert len(said) < 40
        context = Context(spoke="dns", transport=transport, turns=(*turns, Turn(said, b"")))
        received = b"".join(turn.received for turn in turns)
        assert dns.next_words(received, context) is Step.WAIT
        turns.append(Turn(said, answer if transport is Transport.UDP else framed(answer)))
        said = dns.next_words(b"".join(turn.received for turn in turns), Context(spoke="dns", transport=transport, turns=tuple(turns)))
    assert said is Step.DONE


@given(st.sampled_from([BIND, UNBOUND_NAME, BIND_NAME, SERVED_ROOT]), st.integers(0, 110), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    damaged = answer[:place] + bytes([value]) + answer[place + 1 :] + tail
    for data, transport in ((damaged, Transport.UDP), (framed(damaged), Transport.TCP)):
        context = Context(spoke="dns", transport=transport)
        found = dns.read(data, context)
        assert found is None or found.service == "dns"
        assert len(dns.decode_messages(data, transport)) <= 8
        assert isinstance(dns.next_words(data, context), bytes | Step)
