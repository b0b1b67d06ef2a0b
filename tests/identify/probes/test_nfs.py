"""What NFS answers to a version that there is none of, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import nfs
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty


def told(lowest: int, highest: int) -> bytes:
    body = b"Door" + b"".join(number.to_bytes(4) for number in (1, 0, 0, 0, 2, lowest, highest))
    return (0x8000_0000 | len(body)).to_bytes(4) + body


# An answer as RFC 5531 §9 shapes it: versions 3 to 4.
SESSION = (Turn(nfs.first_words("127.0.0.1"), told(3, 4)),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "nfs", port: int = 2049) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "nfs", port: int = 2049) -> Identity | None:
    return nfs.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = nfs.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "nfs"
    assert found.product == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["versions"] == ["3", "4"]


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("nfs", "")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"\x80\0\0\x14Door\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1", "", "", "unknown", Certainty.INFERRED),
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
        told(1, 9),
        told(4, 3),
        b"\xff\xff\xff\xffDoor",
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
        found.service == "nfs" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
