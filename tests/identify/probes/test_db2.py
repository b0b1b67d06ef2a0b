"""What Db2 and Derby say of themselves in DRDA, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import db2
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty


def told(**fields: bytes) -> bytes:
    codes = {"name": 0x115E, "server": 0x116D, "release": 0x115A, "kind": 0x1147}
    inside = b"".join((len(value) + 4).to_bytes(2) + codes[name].to_bytes(2) + value for name, value in fields.items())
    answer = (len(inside) + 4).to_bytes(2) + b"\x14\x43" + inside
    return (len(answer) + 6).to_bytes(2) + b"\xd0\x02\x00\x01" + answer


DB2 = told(
    **{name: value.encode("cp500") for name, value in {"server": "DBHOST", "release": "SQL11055", "kind": "QDB2/LINUXX8664"}.items()}
)


# Db2 11.5 on Linux, shaped as DRDA wants it, in the letters of mainframes.
SESSION = (Turn(db2.first_words("127.0.0.1"), DB2),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "db2", port: int = 50000) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "db2", port: int = 50000) -> Identity | None:
    return db2.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = db2.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "db2"
    assert found.product == "Db2"
    assert found.version == "11.5.5"
    assert found.system == "Linux"
    assert found.host_name == "DBHOST"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "required"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("db2", "Db2")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (told(name=b"Derby", release=b"CSS10140", kind=b"Apache Derby"), "Apache Derby", "10.14.0", "required", Certainty.MEASURED),
        (told(release="DSN12015".encode("cp500")), "Db2 for z/OS", "12.1.5", "required", Certainty.MEASURED),
        (told(), "", "", "required", Certainty.MEASURED),
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
        b"\0\x20\xd0\x02\0\1\0\x1a\x14\x44" + bytes(20),
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
        found.service == "db2" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
