"""Answers of remote desktop servers, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import rdp
from doorward.identify.probing import Context, Step, Tunnel, Turn
from doorward.values.evidence import Certainty

# xrdp 0.9.21 (Debian 12).
XRDP = b"\x03\x00\x00\x13\x0e\xd0\x00\x00\x124\x00\x02\x01\x08\x00\x01\x00\x00\x00"
NLA = XRDP[:15] + b"\x02\x00\x00\x00"
REFUSES = XRDP[:11] + b"\x03\x00\x08\x00\x05\x00\x00\x00"
OLD = b"\x03\x00\x00\x0b\x06\xd0\x00\x00\x124\x00"


def challenge() -> bytes:
    """Laid out by [MS-NLMP] 2.2.1.2, as a Windows Server 2019 fills it."""
    names = b"".join(
        kind.to_bytes(2, "little") + len(text.encode("utf-16-le")).to_bytes(2, "little") + text.encode("utf-16-le")
        for kind, text in ((2, "LAB"), (1, "PC7"), (4, "lab.example"), (3, "pc7.lab.example"))
    )
    names += bytes(4)
    target = "LAB".encode("utf-16-le")
    head = b"NTLMSSP\x00\x02\x00\x00\x00" + len(target).to_bytes(2, "little") * 2 + (56).to_bytes(4, "little")
    head += b"\x15\x82\x8a\xe2" + b"c" * 8 + bytes(8)
    head += len(names).to_bytes(2, "little") * 2 + (56 + len(target)).to_bytes(4, "little") + b"\x0a\x00\x63\x45\x00\x00\x00\x0f"
    return b"\x30\x81\xaa\xa0\x03\x02\x01\x06" + head + target + names


ANSWERS = [XRDP, REFUSES, OLD, NLA + challenge()]
TLS = Tunnel(version="TLSv1.2")


@pytest.mark.parametrize(
    ("answer", "key", "value", "authentication"),
    [
        (XRDP, "security", "TLS", "unknown"),
        (NLA, "security", "CredSSP", "required"),
        (REFUSES, "refusal", "CredSSP is required", "required"),
        (OLD, "security", "standard RDP security", "unknown"),
    ],
)
def test_the_security_is_read(answer: bytes, key: str, value: str, authentication: str) -> None:
    found = rdp.read(answer, Context())
    assert found is not None
    assert (found.facts[key], found.facts["authentication"], found.certainty) == (value, authentication, Certainty.MEASURED)


def test_the_challenge_names_the_machine() -> None:
    found = rdp.read(NLA + challenge(), Context(tunnel=TLS))
    assert found is not None
    assert (found.host_name, found.system, found.product) == ("pc7.lab.example", "Windows 10 or Server 2019", "Microsoft Terminal Services")
    assert (found.facts["netbios_domain"], found.facts["system_build"]) == ("LAB", "10.0.17763")


def test_the_conversation_goes_into_tls_and_asks_once() -> None:
    assert rdp.next_words(XRDP[:8], Context()) is Step.WAIT
    assert rdp.next_words(XRDP, Context()) is Step.START_TLS
    assert rdp.next_words(XRDP, Context(tunnel=TLS)) is Step.DONE
    assert rdp.next_words(REFUSES, Context()) is Step.DONE
    assert rdp.next_words(b"HTTP/1.1 400", Context()) is Step.DONE
    said = rdp.next_words(NLA, Context(tunnel=TLS))
    assert isinstance(said, bytes)
    assert said[1] == len(said) - 2
    asked = Context(tunnel=TLS, turns=(Turn(said, b""),))
    assert rdp.next_words(NLA, asked) is Step.WAIT
    assert rdp.next_words(NLA + challenge(), asked) is Step.DONE


@pytest.mark.parametrize(
    "other",
    [b"", XRDP[:18], b"\x03\x00" + XRDP[2:5] + b"\xe0" + XRDP[6:], rdp.first_words("h"), b"\x03\x00\x00\x05x", OLD[:6] + b"\x01" + OLD[7:]],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert rdp.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="rdp", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = rdp.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "rdp"
