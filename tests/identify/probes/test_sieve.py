"""What ManageSieve servers list, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import sieve
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# Dovecot 2.3.19 with Pigeonhole of Debian 12.
SESSION = (
    Turn(
        b"",
        (
            b'"IMPLEMENTATION" "Dovecot (Debian) Pigeonhole"\r\n"SIEVE" "fileinto reject envelope encoded-character vacati'
            b"on subaddress comparator-i;ascii-numeric relational regex imap4flags copy include variables body enotify env"
            b'ironment mailbox date index ihave duplicate mime foreverypart extracttext"\r\n"NOTIFY" "mailto"\r\n"SASL" "P'
            b'LAIN"\r\n"STARTTLS"\r\n"VERSION" "1.0"\r\nOK "Dovecot (Debian) ready."\r\n'
        ),
    ),
    Turn(b"STARTTLS\r\n", b'OK "Begin TLS negotiation now."\r\n'),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "", port: int = 4190) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "sieve", port: int = 4190) -> Identity | None:
    return sieve.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = sieve.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "sieve"
    assert found.product == "Dovecot Pigeonhole"
    assert found.version == ""
    assert found.system == "Debian"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["starttls"] is True
    assert found.facts["mechanisms"] == ["PLAIN"]
    assert found.facts["protocol_version"] == "1.0"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("sieve", "Dovecot Pigeonhole")


def test_the_conversation_goes_as_it_went() -> None:
    assert sieve.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert sieve.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert sieve.next_words(heard(SESSION), about()) is Step.START_TLS


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            b'"IMPLEMENTATION" "Cyrus timsieved v2.4.17"\r\n"SIEVE" "fileinto"\r\nOK\r\n',
            "Cyrus timsieved",
            "2.4.17",
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
        b'"IMPLEMENTATION" "x"\r\n',
        b'"a"\r\nOK\r\n',
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
        found.service == "sieve" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
