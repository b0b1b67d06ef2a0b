"""Greetings of real VNC servers, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import vnc
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# TigerVNC 1.12.0 (Debian 12), without a password.
OPEN = b"RFB 003.008\n\x01\x01"
ANSWERS = [OPEN, b"RFB 003.008\n\x03\x13\x02\x05", b"RFB 003.889\n", b"RFB 003.008\n\x00\x00\x00\x00\x04busy"]


def talk(*turns: tuple[bytes, bytes]) -> Context:
    return Context(port=5900, turns=tuple(Turn(*turn) for turn in turns))


def test_an_open_screen_is_told() -> None:
    found = vnc.read(OPEN, talk((b"", OPEN[:12]), (b"RFB 003.008\n", OPEN[12:])))
    assert found is not None
    assert found.facts["authentication"] == "none"
    assert found.facts["security_types"] == ["none"]
    assert "no password" in found.sentence


@pytest.mark.parametrize(
    ("greeting", "said", "rest", "authentication", "types"),
    [
        (b"RFB 003.008\n", b"RFB 003.008\n", b"\x03\x13\x02\x05", "required", ["VeNCrypt", "VNC password", "RA2"]),
        (b"RFB 003.007\n", b"RFB 003.007\n", b"\x01\x02", "required", ["VNC password"]),
        (b"RFB 003.003\n", b"RFB 003.003\n", b"\x00\x00\x00\x01", "none", ["none"]),
        (
            b"RFB 003.889\n",
            b"RFB 003.008\n",
            b"\x04\x1e\x21\x24\x23",
            "required",
            ["Diffie-Hellman (Apple)", "Kerberos (Apple)", "SRP (Apple)", "Apple"],
        ),
        (b"RFB 003.008\n", b"RFB 003.008\n", b"\x01\xc8", "required", ["200"]),
    ],
)
def test_the_conversation_learns_the_proofs(greeting: bytes, said: bytes, rest: bytes, authentication: str, types: list[str]) -> None:
    assert vnc.next_words(greeting, talk((b"", greeting))) == said
    assert vnc.next_words(greeting, talk((b"", greeting), (said, b""))) is Step.WAIT
    context = talk((b"", greeting), (said, rest))
    assert vnc.next_words(greeting + rest, context) is Step.DONE
    found = vnc.read(greeting + rest, context)
    assert found is not None
    assert (found.facts["authentication"], found.facts["security_types"]) == (authentication, types)
    assert found.certainty is Certainty.MEASURED


def test_a_refusal_is_quoted() -> None:
    answer = b"RFB 003.008\n\x00\x00\x00\x00\x1aToo many security failures"
    context = talk((b"", answer[:12]), (b"RFB 003.008\n", answer[12:]))
    found = vnc.read(answer, context)
    assert found is not None
    assert found.facts["refusal"] == "Too many security failures"
    assert vnc.next_words(answer, context) is Step.DONE
    assert vnc.next_words(answer[:-1], context) is Step.WAIT


def test_versions_betray_their_makers() -> None:
    found = vnc.read(b"RFB 003.889\n", talk((b"", b"RFB 003.889\n")))
    assert found is not None
    assert (found.product, found.system, found.facts["authentication"]) == ("Apple Remote Desktop", "macOS", "unknown")
    assert vnc.next_words(b"RFB 000.000\n", talk((b"", b"RFB 000.000\n"))) is Step.DONE


@pytest.mark.parametrize("other", [b"", b"RFB", b"RFB 003.008", b"RFB 3.8\n", b"220 RFB 003.008\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert vnc.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="vnc", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = vnc.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "vnc"
