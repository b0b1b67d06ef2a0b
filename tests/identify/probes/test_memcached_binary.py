"""Memcached's answers in its binary protocol, and what must be read from them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import memcached_binary
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

# Memcached 1.6.18 of Debian 12, -B binary.
SESSION = (
    Turn(
        b"\x80\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00Door\x00\x00\x00\x00\x00\x00\x00\x00",
        b"\x81\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x06Door\x00\x00\x00\x00\x00\x00\x00\x001.6.18",
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "memcached_binary", port: int = 11211) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "memcached_binary", port: int = 11211) -> Identity | None:
    return memcached_binary.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = memcached_binary.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "memcached_binary"
    assert found.product == "Memcached"
    assert found.version == "1.6.18"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "unknown"
    assert found.facts["binary_protocol"] is True


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("memcached_binary", "Memcached")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"\x81\x0b\0\0\0\0\0\x20\0\0\0\x0dDoor" + bytes(8) + b"Auth failure.", "Memcached", "", "required", Certainty.MEASURED),
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
        b"\x81\x0b" + bytes(22),
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
        found.service == "memcached_binary" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
