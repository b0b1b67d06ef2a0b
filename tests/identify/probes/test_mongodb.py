"""What MongoDB answers, and what must be read from it."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import mongodb
from doorward.identify.probes._bson import encode_document
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty


def answer(number: int, body: bytes) -> bytes:
    head = struct.pack("<iiii", 21 + len(body), 77, 0x446F6F72 + number, 2013)
    return head + bytes(5) + body


def document(**fields: str | int) -> bytes:
    return encode_document(fields)


def question(name: str, number: int) -> bytes:
    body = bytes(5) + encode_document({name: 1, "$db": "admin"})
    return struct.pack("<iiii", 16 + len(body), 0x446F6F72 + number, 0, 2013) + body


HELLO = answer(0, document(setName="rs0", me="db1.lab.example:27017", maxWireVersion=21, topologyVersion=1, ok=1))
BUILD = answer(1, document(version="7.0.4", gitVersion="38f3e37057a43d2e9f41a39142681a76062d582e", javascriptEngine="mozjs", ok=1))
REFUSED = answer(2, document(ok=0, errmsg="command hostInfo requires authentication", code=13))


# Three answers as the server's documentation shows them: who it is, of which version, and that it wants a login.
SESSION = (Turn(question("hello", 0), HELLO), Turn(question("buildInfo", 1), BUILD), Turn(question("hostInfo", 2), REFUSED))


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "mongodb", port: int = 27017) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "mongodb", port: int = 27017) -> Identity | None:
    return mongodb.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = mongodb.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "mongodb"
    assert found.product == "MongoDB"
    assert found.version == "7.0.4"
    assert found.cpe == "cpe:2.3:a:mongodb:mongodb:7.0.4:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "required"
    assert found.facts["replica_set"] == "rs0"
    assert found.facts["wire_version"] == 21


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("mongodb", "MongoDB")


def test_the_conversation_goes_as_it_went() -> None:
    assert mongodb.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert mongodb.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert mongodb.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (HELLO, "MongoDB", "", "unknown", Certainty.MEASURED),
        (answer(0, document(ok=1, maxWireVersion=6)), "", "", "unknown", Certainty.MEASURED),
        (
            answer(0, document(ok=1)) + answer(1, document(version="7.0.42", ferretdbVersion="v1.24.0", ok=1)),
            "FerretDB",
            "7.0.42",
            "unknown",
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
        struct.pack("<iiii", 2**30, 1, 0x446F6F72, 2013),
        answer(0, b"\xff\xff\xff\x7f"),
        answer(9, document(ok=1)),
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_an_open_one_tells_its_system() -> None:
    system = b"\x03os\0" + document(name="Ubuntu", version="22.04") + b"\x03system\0" + document(hostname="db1")
    body = system + b"\x10ok\0\x01\0\0\0"
    found = answered(HELLO + BUILD + answer(2, struct.pack("<i", len(body) + 5) + body + b"\0"))
    assert found is not None
    assert (found.system, found.host_name, found.facts["authentication"]) == ("Ubuntu 22.04", "db1", "none")
    assert "asks for no password" in found.sentence


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "mongodb" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
