"""What LMTP servers say, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import lmtp
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# Dovecot 2.3.19 of Debian 12.
SESSION = (
    Turn(b"", b"220 vm Dovecot (Debian) ready.\r\n"),
    Turn(b"LHLO doorward.invalid\r\n", b"250-vm\r\n250-8BITMIME\r\n250-CHUNKING\r\n250-ENHANCEDSTATUSCODES\r\n250 PIPELINING\r\n"),
    Turn(b"QUIT\r\n", b"221 2.0.0 Bye\r\n"),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "", port: int = 24) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "lmtp", port: int = 24) -> Identity | None:
    return lmtp.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = lmtp.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "lmtp"
    assert found.product == "Dovecot"
    assert found.system == "Debian"
    assert found.host_name == "vm"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("lmtp", "Dovecot")


def test_the_conversation_goes_as_it_went() -> None:
    assert lmtp.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert lmtp.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert lmtp.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"220 mail.a.example Cyrus LMTP v2.4.17 server ready\r\n", "Cyrus", "2.4.17", "unknown", Certainty.MEASURED),
        (b"220 vm Dovecot ready.\r\n", "Dovecot", "", "unknown", Certainty.INFERRED),
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


def test_elsewhere_a_bare_greeting_is_nobodys() -> None:
    assert answered(b"220 vm Dovecot ready.\r\n", port=2525) is None


def test_who_refuses_lhlo_speaks_something_else() -> None:
    turns = (Turn(b"", b"220 mail ESMTP\r\n"), Turn(b"LHLO doorward.invalid\r\n", b"500 5.5.2 Command unrecognized\r\n"))
    assert lmtp.read(heard(turns), about(turns)) is None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "lmtp" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
