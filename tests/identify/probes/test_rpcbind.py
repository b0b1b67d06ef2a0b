"""What port mappers tell, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import rpcbind
from doorward.identify.probes._rpc import record
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

# rpcbind 1.2.6 of Debian 12.
SESSION = (
    Turn(
        (
            b"\x80\x00\x00(Door\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01\x86\xa0\x00\x00\x00\x02\x00\x00\x00\x04\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        ),
        (
            b"\x80\x00\x00\x94Door\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x01\x00\x01\x86\xa0\x00\x00\x00\x04\x00\x00\x00\x06\x00\x00\x00o\x00\x00\x00\x01\x00\x01\x86\xa0\x00\x00"
            b"\x00\x03\x00\x00\x00\x06\x00\x00\x00o\x00\x00\x00\x01\x00\x01\x86\xa0\x00\x00\x00\x02\x00\x00\x00\x06\x00\x00"
            b"\x00o\x00\x00\x00\x01\x00\x01\x86\xa0\x00\x00\x00\x04\x00\x00\x00\x11\x00\x00\x00o\x00\x00\x00\x01\x00\x01\x86"
            b"\xa0\x00\x00\x00\x03\x00\x00\x00\x11\x00\x00\x00o\x00\x00\x00\x01\x00\x01\x86\xa0\x00\x00\x00\x02\x00\x00\x00"
            b"\x11\x00\x00\x00o\x00\x00\x00\x00"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "rpcbind", port: int = 111) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "rpcbind", port: int = 111) -> Identity | None:
    return rpcbind.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = rpcbind.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "rpcbind"
    assert found.product == "rpcbind"
    assert found.version == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["versions"] == ["2", "3", "4"]
    assert "portmapper" in found.sentence


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("rpcbind", "rpcbind")


def test_the_conversation_goes_as_it_went() -> None:
    assert rpcbind.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert rpcbind.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert rpcbind.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (record(b"Door\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1"), "", "", "unknown", Certainty.MEASURED),
        (record(b"Door\0\0\0\1" + bytes(16)), "", "", "unknown", Certainty.MEASURED),
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
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_in_udp_the_message_stands_bare() -> None:
    received = heard(SESSION)[4:]
    context = Context(port=111, transport=Transport.UDP, spoke="rpcbind", turns=(Turn(rpcbind.first_datagram("h"), received),))
    found = rpcbind.read(received, context)
    assert found is not None
    assert found.facts["programs"] == PROGRAMS
    assert rpcbind.next_words(received, context) is Step.DONE


PROGRAMS = [f"portmapper {version} {protocol} 111" for protocol in ("tcp", "udp") for version in (4, 3, 2)]


def test_a_list_without_end_is_cut() -> None:
    assert len(rpcbind.decode_programs((b"\x00\x00\x00\x01" + bytes(16)) * 2000)) == 500


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "rpcbind" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
