"""Answers of a real Mumble server, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import mumble
from doorward.identify.probing import Context, Step, Tunnel, Turn
from doorward.values.transports import Transport

# mumble-server 1.3.4-4 (Debian 12), inside TLS and over UDP.
VERSION = b'\x00\x00\x00\x00\x002\x08\x84\x86\x04\x12\x071.3.4-4\x1a\x03X11"\x1eDebian GNU/Linux 12 (bookworm)'
PONG = b"\x00\x01\x03\x04doorward\x00\x00\x00\x00\x00\x00\x00d\x00\x01\x19@"
ANSWERS = [VERSION, PONG]
UDP = Context(spoke="mumble", transport=Transport.UDP)


def test_reads_a_real_version() -> None:
    found = mumble.read(VERSION, Context(tunnel=Tunnel(version="TLSv1.3")))
    assert found is not None
    assert (found.product, found.version, found.revision, found.system) == ("Murmur", "1.3.4", "4", "Debian 12")
    assert found.cpe == "cpe:2.3:a:mumble:mumble:1.3.4:*:*:*:*:*:*:*"


def test_reads_a_real_pong() -> None:
    found = mumble.read(PONG, UDP)
    assert found is not None
    assert (found.version, found.facts["users"], found.facts["most_users"]) == ("1.3.4", 0, 100)
    assert mumble.first_datagram("h") == bytes(4) + b"doorward"


def test_the_first_message_is_enough() -> None:
    assert mumble.next_words(VERSION[:-1], Context()) is Step.WAIT
    assert mumble.next_words(VERSION, Context()) is Step.DONE
    assert mumble.next_words(PONG, UDP) is Step.DONE


@pytest.mark.parametrize("other", [b"", VERSION[:-1], bytes(60), b"\x00\x00\x00\x00\x00\x0a" + b"\xff" * 10, b"HTTP/1.1 400 Bad\r\n\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert mumble.read(other, Context()) is None
    assert mumble.read(other, UDP) is None
    assert mumble.read(PONG[:4] + b"another!" + PONG[12:], UDP) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="mumble", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = mumble.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "mumble"
