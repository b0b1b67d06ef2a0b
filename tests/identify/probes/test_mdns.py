"""What machines announce in multicast DNS, and what must be read from it."""

import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import mdns
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport


def announced(name: str, *kinds: str) -> bytes:
    message = dns.message.Message(id=0x4457)
    message.flags = dns.flags.Flag(0x8400)
    message.answer.append(dns.rrset.from_text(name, 10, "IN", "PTR", *kinds))
    message.additional.append(dns.rrset.from_text("printer.local.", 10, "IN", "A", "192.0.2.7"))
    return message.to_wire()


SERVICES = "_services._dns-sd._udp.local."


# Two kinds of services and an address, shaped as RFC 6763 §9 shows it.
SESSION = (Turn(mdns.first_words("127.0.0.1"), announced(SERVICES, "_ipp._tcp.local.", "_http._tcp.local.")),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "mdns", port: int = 5353) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns, transport=Transport.UDP)


def answered(received: bytes, sent: bytes = b"", spoke: str = "mdns", port: int = 5353) -> Identity | None:
    return mdns.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = mdns.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "mdns"
    assert found.product == ""
    assert found.host_name == "printer.local"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["services"] == ["_http._tcp", "_ipp._tcp"]


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("mdns", "")


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
        announced("_ipp._tcp.local.", "a._ipp._tcp.local."),
        announced(SERVICES, "_ipp._tcp.local.")[:-20],
        b"\x44\x57\x84\0" + b"\xff" * 40,
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_it_asks_for_an_answer_to_itself_alone() -> None:
    assert mdns.first_words("h").endswith(b"\x00\x0c\x80\x01")


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "mdns" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
