"""What Gopher servers send, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import gopher
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# Gophernicus 3.1.1 of Debian 12.
SESSION = (
    Turn(
        b"\r\n",
        (
            b"i[/]\tTITLE\tnull.host\t1\r\ni\t\tnull.host\t1\r\n1ln                                    2026-Nov-23 18:36  "
            b" --------\t/ln/\tlab.example\t70\r\n0c                                     2026-Nov-23 18:36     1.6 KB\t/c\t"
            b"lab.example\t70\r\n0ln.conf                               2026-Nov-23 18:36     0.1 KB\t/ln.conf\tlab.exampl"
            b"e\t70\r\n0pid                                   2026-Nov-23 18:36     0.0 KB\t/pid\tlab.example\t70\r\n0x   "
            b"                                  2026-Nov-23 18:36     0.0 KB\t/x\tlab.example\t70\r\ni____________________"
            b"_______________________________________________\t\tnull.host\t1\r\ni                 Gophered by Gophernicus"
            b"/3.1.1 on Debian/12 x86_64\t\tnull.host\t1\r\n.\r\n"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "gopher", port: int = 70) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "gopher", port: int = 70) -> Identity | None:
    return gopher.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = gopher.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "gopher"
    assert found.product == "Gophernicus"
    assert found.version == "3.1.1"
    assert found.system == "Debian 12"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("gopher", "Gophernicus")


def test_the_conversation_goes_as_it_went() -> None:
    assert gopher.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert gopher.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert gopher.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            b"Error: File or directory not found!\r\n____\r\n      Gophered by Gophernicus/3.1.1 on Debian/12 x86_64\r\n",
            "Gophernicus",
            "3.1.1",
            "none",
            Certainty.MEASURED,
        ),
        (b"3Sorry\tfake\t(NULL)\t0\r\n.\r\n", "", "", "none", Certainty.MEASURED),
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
        b"i\t\n",
        b"1a\tb\tc\r\n",
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
        found.service == "gopher" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
