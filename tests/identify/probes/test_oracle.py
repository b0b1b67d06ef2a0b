"""What Oracle's listener answers, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import oracle
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

REFUSAL = b"(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=1189)(ERROR_STACK=(ERROR=(CODE=1189)(EMFI=4))))"


def packet(kind: int, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(2) + b"\0\0" + bytes((kind, 0, 0, 0)) + body


# A refusal as the listener words it: VSNNUM 318767104 is 19.0.0.0.0.
SESSION = (Turn(oracle.first_words("127.0.0.1"), packet(4, b"\x22\0" + len(REFUSAL).to_bytes(2) + REFUSAL)),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "oracle", port: int = 1521) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "oracle", port: int = 1521) -> Identity | None:
    return oracle.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = oracle.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "oracle"
    assert found.product == "Oracle TNS Listener"
    assert found.version == "19.0.0.0.0"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["error"] == "TNS-01189"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("oracle", "Oracle TNS Listener")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            packet(4, b"\x22\0\0\x50(DESCRIPTION=(VSNNUM=186647552)(ERR=12504))"),
            "Oracle TNS Listener",
            "11.2.0.4.0",
            "unknown",
            Certainty.MEASURED,
        ),
        (
            packet(6, b"\0\0TNSLSNR for Linux: Version 12.2.0.1.0 - Production"),
            "Oracle TNS Listener",
            "12.2.0.1.0",
            "unknown",
            Certainty.MEASURED,
        ),
        (packet(11, b""), "Oracle TNS Listener", "", "unknown", Certainty.INFERRED),
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
        packet(4, b"no"),
        b"\0\x40\0\0\x09\0\0\0(VSNNUM=318767104)",
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
        found.service == "oracle" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
