"""What key distribution centres refuse, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import kerberos
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

# MIT Kerberos 1.20.1 of Debian 12.
SESSION = (
    Turn(
        (
            b"\x00\x00\x00WjU0S\xa1\x03\x02\x01\x05\xa2\x03\x02\x01\n\xa4G0E\xa0\x07\x03\x05\x00\x00\x00\x00\x00\xa2\x03\x1b"
            b"\x01-\xa3\x160\x14\xa0\x03\x02\x01\x02\xa1\r0\x0b\x1b\x06krbtgt\x1b\x01-\xa5\x11\x18\x0f19700101000000Z\xa7\x03"
            b"\x02\x01\x01\xa8\x050\x03\x02\x01\x12"
        ),
        (
            b"\x00\x00\x00Y~W0U\xa0\x03\x02\x01\x05\xa1\x03\x02\x01\x1e\xa4\x11\x18\x0f20261123191024Z\xa5\x05\x02\x03\n\x97"
            b"/\xa6\x03\x02\x01\x06\xa9\x03\x1b\x01-\xaa\x160\x14\xa0\x03\x02\x01\x02\xa1\r0\x0b\x1b\x06krbtgt\x1b\x01-\xab"
            b"\r\x1b\x0bNULL_CLIENT"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "kerberos", port: int = 88) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "kerberos", port: int = 88) -> Identity | None:
    return kerberos.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = kerberos.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "kerberos"
    assert found.product == "MIT Kerberos"
    assert found.version == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "required"
    assert found.facts["error"] == "no such client"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("kerberos", "MIT Kerberos")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            (
                b"\x00\x00\x00^~\\0Z\xa0\x03\x02\x01\x05\xa1\x03\x02\x01\x1e\xa4\x11\x18\x0f20261123183908Z\xa5\x05\x02\x03\x08"
                b"wd\xa6\x03\x02\x01=\xa9\r\x1b\x0bLAB.EXAMPLE\xaa 0\x1e\xa0\x03\x02\x01\x02\xa1\x170\x15\x1b\x06krbtgt\x1b\x0b"
                b"LAB.EXAMPLE"
            ),
            "",
            "",
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
        b"~\x03\x02\x01\x05",
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
        found.service == "kerberos" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
