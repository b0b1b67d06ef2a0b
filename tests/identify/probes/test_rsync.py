"""The rsync daemon's greeting and list, and what must be read from them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import rsync
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# rsync 3.5.0 of Debian 12, with one module.
SESSION = (
    Turn(b"", b"@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\n"),
    Turn(b"@RSYNCD: 31.0\n#list\n", b"pub            \tlab\n@RSYNCD: EXIT\n"),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "", port: int = 873) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "rsync", port: int = 873) -> Identity | None:
    return rsync.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = rsync.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "rsync"
    assert found.product == "rsync"
    assert found.version == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["protocol_version"] == "32.0"
    assert found.facts["version_at_least"] == "3.4.0"
    assert found.facts["modules"] == ["pub"]


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("rsync", "rsync")


def test_the_conversation_goes_as_it_went() -> None:
    assert rsync.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert rsync.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert rsync.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"@RSYNCD: 30.0\n", "rsync", "", "unknown", Certainty.MEASURED),
        (b"@RSYNCD: 31.0\nWelcome!\n\nfiles          \tall of them\n@RSYNCD: EXIT\n", "rsync", "", "unknown", Certainty.MEASURED),
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
        b"@RSYNCD: x\n",
        b"@ERROR: no\n",
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
        found.service == "rsync" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
