"""What distcc's server answers, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import distcc
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty

# distccd 3.4 of Debian 12.
SESSION = (
    Turn(
        (b"DIST00000001ARGC00000005ARGV00000002ccARGV00000002-SARGV00000006none.cARGV00000002-oARGV00000006none.oDOTI00000000"),
        (
            b'DONE00000001STAT00000000SERR00000000SOUT00000000DOTO0000007b\t.file\t"distccd_eb9e8ff7.i"\n\t.text\n\t.ident'
            b'\t"GCC: (Debian 12.2.0-14+deb12u1) 12.2.0"\n\t.section\t.note.GNU-stack,"",@progbits\n'
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "distcc", port: int = 3632) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "distcc", port: int = 3632) -> Identity | None:
    return distcc.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = distcc.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "distcc"
    assert found.product == "distccd"
    assert found.system == "Debian 12"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["compiler"] == "GCC: (Debian 12.2.0-14+deb12u1) 12.2.0"
    assert "may have programs run" in found.sentence


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("distcc", "distccd")


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"DONE00000001STAT00000100SERR0000000fno such command", "distccd", "", "none", Certainty.MEASURED),
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
        b"DONE0000000zSTAT",
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
        found.service == "distcc" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
