"""NATS's introduction, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import nats
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

# NATS Server 2.9.10 of Debian 12.
SESSION = (
    Turn(
        b"",
        (
            b'INFO {"server_id":"NDU2M3EKATUHQ3DO2TKL64CLBKGWLUL4NABAIK5JYQ56ULTR5MZXUYLP","server_name":"NDU2M3EKATUHQ3DO'
            b'2TKL64CLBKGWLUL4NABAIK5JYQ56ULTR5MZXUYLP","version":"2.9.10","proto":1,"go":"go1.19.8","host":"127.0.0.1","p'
            b'ort":24222,"headers":true,"max_payload":1048576,"client_id":10,"client_ip":"127.0.0.1"} \r\n'
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "", port: int = 4222) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "nats", port: int = 4222) -> Identity | None:
    return nats.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = nats.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "nats"
    assert found.product == "NATS Server"
    assert found.version == "2.9.10"
    assert found.cpe == "cpe:2.3:a:linuxfoundation:nats-server:2.9.10:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["starttls"] is False
    assert found.facts["max_payload"] == 1048576


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("nats", "NATS Server")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            b'INFO {"server_id":"A","version":"2.10.1","max_payload":1,"auth_required":true,"tls_available":true} \r\n',
            "NATS Server",
            "2.10.1",
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
        b"INFO {}\r\n",
        b"INFO [1]\r\n",
        b"INFO {broken}\r\n",
        b"INFO " + b"[" * 3000 + b"\r\n",
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
        found.service == "nats" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
