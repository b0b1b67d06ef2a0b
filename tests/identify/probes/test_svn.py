"""What Subversion's own server says, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import svn
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# svnserve 1.14.2 of Debian 12, no repository at its root.
SESSION = (
    Turn(
        b"",
        (
            b"( success ( 2 2 ( ) ( edit-pipeline svndiff1 accepts-svndiff2 absent-entries commit-revprops depth log-revpr"
            b"ops atomic-revprops partial-replay inherited-props ephemeral-txnprops file-revs-reverse list ) ) ) "
        ),
    ),
    Turn(
        b"( 2 ( edit-pipeline svndiff1 ) 16:svn://127.0.0.1/ ) ",
        b"( failure ( ( 210005 40:No repository found in 'svn://127.0.0.1' 0: 0 ) ) ) ",
    ),
)
# Its greeting alone.
GREETING = SESSION[0].received


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "", port: int = 3690) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "svn", port: int = 3690) -> Identity | None:
    return svn.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = svn.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "svn"
    assert found.product == "svnserve"
    assert found.version == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "unknown"
    assert found.facts["version_at_least"] == "1.10"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("svn", "svnserve")


def test_the_conversation_goes_as_it_went() -> None:
    assert svn.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert svn.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert svn.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            GREETING + b"( success ( ( ANONYMOUS CRAM-MD5 ) 36:6be4c7b5-3e4b-4a4f-8e6e-3d0a5a2c6f1d ) ) ",
            "svnserve",
            "",
            "none",
            Certainty.MEASURED,
        ),
        (GREETING + b"( success ( ( CRAM-MD5 ) 4:lab1 ) ) ", "svnserve", "", "required", Certainty.MEASURED),
        (GREETING, "svnserve", "", "unknown", Certainty.MEASURED),
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
        b"( success ( 1 2 ) )",
        b"( failure ( ( 210005 2:no 0: 0 ) ) ) ",
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
        found.service == "svn" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
