"""What disk servers say in iSCSI, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import iscsi
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# tgt 1.0.85 of Debian 12, one target.
SESSION = (
    Turn(
        (
            b"C\x87\x00\x00\x00\x00\x00x@DW\x00\x00\x01\x00\x00Door\x00\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00InitiatorName=iqn.2026-01.invalid.doorward:asks\x00S"
            b"essionType=Discovery\x00AuthMethod=None\x00HeaderDigest=None\x00DataDigest=None\x00"
        ),
        (
            b"#\x87\x00\x00\x00\x00\x009@DW\x00\x00\x01\x01\x00Door\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00"
            b"\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00TargetPortalGroupTag=1\x00HeaderDigest=None\x00DataD"
            b"igest=None\x00\x00\x00\x00"
        ),
    ),
    Turn(
        (
            b"\x04\x80\x00\x00\x00\x00\x00\x10@DW\x00\x00\x01\x00\x00Door\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00SendTargets=All\x00"
        ),
        (
            b"$\x80\x00\x00\x00\x00\x00I\x00\x00\x00\x00\x00\x00\x00\x00Door\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x02"
            b"\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00TargetName=iqn.2026-11.example.lab:disk1\x00"
            b"TargetAddress=127.0.0.1:24260,1\x00\x00\x00\x00"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "iscsi", port: int = 3260) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "iscsi", port: int = 3260) -> Identity | None:
    return iscsi.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = iscsi.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "iscsi"
    assert found.product == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["targets"] == ["iqn.2026-11.example.lab:disk1"]
    assert "tells everyone of its disks" in found.sentence


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("iscsi", "")


def test_the_conversation_goes_as_it_went() -> None:
    assert iscsi.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert iscsi.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert iscsi.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (b"\x23\x00\x00\x00" + bytes(12) + b"Door" + bytes(16) + b"\x02\x01" + bytes(10), "", "", "required", Certainty.MEASURED),
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
        b"\x23" + bytes(47),
        b"\x23\x87\x00\x00\x00\xff\xff\xff" + bytes(40),
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
        found.service == "iscsi" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
