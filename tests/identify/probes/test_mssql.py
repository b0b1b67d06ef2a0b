"""What SQL Server answers before the login, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import mssql
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty


def agreed(version: bytes, encryption: int) -> bytes:
    options = b"\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff" + version + bytes((encryption,))
    return b"\x04\x01" + (len(options) + 8).to_bytes(2) + b"\x00\x00\x01\x00" + options


# SQL Server 2019, shaped as MS-TDS §4.2 shows it.
SESSION = (Turn(mssql.first_words("127.0.0.1"), agreed(b"\x0f\x00\x10\x9f\x00\x00", 0)),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "mssql", port: int = 1433) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "mssql", port: int = 1433) -> Identity | None:
    return mssql.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = mssql.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "mssql"
    assert found.product == "Microsoft SQL Server 2019"
    assert found.version == "15.0.4255"
    assert found.cpe == "cpe:2.3:a:microsoft:sql_server_2019:15.0.4255:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "required"
    assert found.facts["encryption"] == "passwords only"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("mssql", "Microsoft SQL Server 2019")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (agreed(b"\x0a\x32\x06\x40\x00\x00", 2), "Microsoft SQL Server 2008 R2", "10.50.1600", "required", Certainty.MEASURED),
        (agreed(b"\x00\x00\x00\x00\x00\x00", 3), "", "", "required", Certainty.MEASURED),
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
        agreed(b"\x0f\x00\x10\x9f\x00\x00", 9),
        b"\x04\x01\x00\x2b\x00\x00\x01\x00" + b"\x00\xff\xff\xff\xff" * 7,
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
        found.service == "mssql" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
