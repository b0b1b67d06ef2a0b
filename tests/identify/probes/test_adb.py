"""Packets as the protocol's description lays them out, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import adb
from doorward.identify.probing import Context, Step, Turn


def packet(command: bytes, data: bytes) -> bytes:
    numbers = (0x01000000, 4096, len(data), sum(data), int.from_bytes(command, "little") ^ 0xFFFFFFFF)
    return command + b"".join(number.to_bytes(4, "little") for number in numbers) + data


OPEN = packet(b"CNXN", b"device::ro.product.name=sdk;ro.product.model=Box 7;ro.product.device=generic;features=cmd\x00")
LOCKED = packet(b"AUTH", b"t" * 20)
ANSWERS = [OPEN, LOCKED]


@pytest.mark.parametrize(("answer", "access"), [(OPEN, "none"), (LOCKED, "required"), (packet(b"STLS", b""), "required")])
def test_reads_who_may_come_in(answer: bytes, access: str) -> None:
    found = adb.read(answer, Context())
    assert found is not None
    assert (found.facts["authentication"], found.facts["runs_code"]) == (access, access == "none")
    assert adb.next_words(answer, Context()) is Step.DONE


def test_reads_the_model() -> None:
    found = adb.read(OPEN, Context())
    assert found is not None
    assert found.facts["model"] == "Box 7"
    assert adb.first_words("h") == packet(b"CNXN", b"host::\x00")
    assert adb.next_words(OPEN[:-1], Context()) is Step.WAIT


@pytest.mark.parametrize(
    "other", [b"", OPEN[:23], OPEN[:20] + bytes(4) + OPEN[24:], packet(b"OPEN", b"x"), b"HTTP/1.1 400 Bad Request\r\n\r\n"]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert adb.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="adb", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = adb.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "adb"
