"""Answers of a real NRPE daemon, and what must be read from them."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import nrpe
from doorward.identify.probing import Context, Step, Turn

# nagios-nrpe-server 4.1.0 (Debian 12), asked in version 4; and its answer in version 2 with the sum made right.
NEWER = b"\x00\x04\x00\x02\r\xaa\xd2E\x00\x00\x00\x00\x00\x00\x00\x0cNRPE v4.1.0\x00"
ANSWERS = [NEWER]


def older(text: bytes) -> bytes:
    packet = b"\x00\x02\x00\x02" + bytes(4) + bytes(2) + text.ljust(1024, b"\x00") + b"SR"
    return packet[:4] + zlib.crc32(packet).to_bytes(4) + packet[8:]


@pytest.mark.parametrize(
    ("answer", "version", "protocol"), [(NEWER, "4.1.0", "4"), (older(b"NRPE v2.15"), "2.15", "2"), (older(b"NRPE: no"), "", "2")]
)
def test_reads_the_version(answer: bytes, version: str, protocol: str) -> None:
    found = nrpe.read(answer, Context())
    assert found is not None
    assert (found.version, found.facts["protocol_version"]) == (version, protocol)
    assert nrpe.next_words(answer, Context()) is Step.DONE
    assert nrpe.next_words(answer[:-1], Context()) is Step.WAIT


def test_the_query_is_whole() -> None:
    words = nrpe.first_words("h")
    assert len(words) == 1036
    assert zlib.crc32(words[:4] + bytes(4) + words[8:]).to_bytes(4) == words[4:8]


@pytest.mark.parametrize("other", [b"", NEWER[:-1], NEWER[:4] + bytes(4) + NEWER[8:], nrpe.first_words("h"), b"HTTP/1.1 400\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert nrpe.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="nrpe", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = nrpe.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "nrpe"
