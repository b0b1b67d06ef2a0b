"""Answers as the standard lays them out, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import modbus
from doorward.identify.probing import Context, Step, Turn


def answer(body: bytes) -> bytes:
    return b"\x1d\x0d\x00\x00" + (len(body) + 1).to_bytes(2) + b"\x00" + body


TOLD = answer(b"\x2b\x0e\x01\x01\x00\x00\x03\x00\x08Acme Ltd\x01\x04PLC7\x02\x04V2.1")
REFUSES = answer(b"\xab\x01")
ANSWERS = [TOLD, REFUSES]


def test_reads_the_maker() -> None:
    found = modbus.read(TOLD, Context())
    assert found is not None
    assert (found.vendor, found.product, found.version) == ("Acme Ltd", "PLC7", "V2.1")
    refusal = modbus.read(REFUSES, Context())
    assert refusal is not None
    assert refusal.facts["refusal"] == 1
    assert modbus.next_words(TOLD[:-1], Context()) is Step.WAIT
    assert modbus.next_words(TOLD, Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", modbus.first_words("h"), TOLD[:-1], b"\x00\x00" + TOLD[2:], answer(b"\x03\x02\x00\x00")])
def test_leaves_others_alone(other: bytes) -> None:
    assert modbus.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="modbus", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = modbus.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "modbus"
