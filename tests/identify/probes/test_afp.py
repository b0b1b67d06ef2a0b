"""What Apple's file servers say of themselves, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import afp
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty


def texts(*values: bytes) -> bytes:
    return bytes((len(values),)) + b"".join(bytes((len(value),)) + value for value in values)


def described(machine: bytes, *logins: bytes) -> bytes:
    name, kind = b"\x06office", bytes((len(machine),)) + machine
    versions, ways = texts(b"AFP3.3", b"AFP3.4"), texts(*logins)
    first = 10 + len(name)
    places = (first, first + len(kind), first + len(kind) + len(versions), 0)
    body = b"".join(place.to_bytes(2) for place in places) + b"\x9f\xfb" + name + kind + versions + ways
    return b"\x01\x03\x44\x57" + bytes(4) + len(body).to_bytes(4) + bytes(4) + body


# Netatalk 3.1.12, shaped as Apple's reference shows it.
SESSION = (Turn(afp.first_words("127.0.0.1"), described(b"Netatalk3.1.12", b"DHX2", b"No User Authent")),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "afp", port: int = 548) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "afp", port: int = 548) -> Identity | None:
    return afp.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = afp.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "afp"
    assert found.product == "Netatalk"
    assert found.version == "3.1.12"
    assert found.host_name == "office"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["protocol_versions"] == ["AFP3.3", "AFP3.4"]


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("afp", "Netatalk")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (described(b"MacPro6,1", b"DHCAST128"), "", "", "required", Certainty.MEASURED),
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
        b"\x01\x03\x44\x57" + bytes(4) + b"\0\0\0\x20" + bytes(4) + b"\xff" * 32,
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
        found.service == "afp" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
