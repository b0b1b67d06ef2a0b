"""What machines tell of their NetBIOS names, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import netbios_ns
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

# Samba 4.17.12 of Debian 12.
SESSION = (
    Turn(
        b"DW\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00 CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x00\x00!\x00\x01",
        (
            b"DW\x84\x00\x00\x00\x00\x01\x00\x00\x00\x00 CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x00\x00!\x00\x01\x00\x00\x00\x00"
            b"\x00\xad\x07LABHOST        \x00\x04\x00LABHOST        \x03\x04\x00LABHOST         \x04\x00\x01\x02__MSBROWSE"
            b"__\x02\x01\x84\x00LAB            \x00\x84\x00LAB            \x1d\x04\x00LAB            \x1e\x84\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        ),
    ),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "netbios_ns", port: int = 137) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns, transport=Transport.UDP)


def answered(received: bytes, sent: bytes = b"", spoke: str = "netbios_ns", port: int = 137) -> Identity | None:
    return netbios_ns.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = netbios_ns.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "netbios_ns"
    assert found.product == "Samba"
    assert found.host_name == "LABHOST"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["domain"] == "LAB"
    assert found.facts["roles"] == ["file_server", "master_browser", "messenger", "workstation"]
    assert "of LAB" in found.sentence


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("netbios_ns", "Samba")


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_windows_tells_its_card() -> None:
    received = heard(SESSION)
    found = answered(received[:-46] + b"\x00\x0c\x29\x01\x02\x03" + received[-40:])
    assert found is not None
    assert (found.system, found.facts["mac"]) == ("Windows", "00:0c:29:01:02:03")


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "netbios_ns" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
