"""Answers as the standard lays them out, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import bacnet
from doorward.identify.probing import Context, Step, Turn
from doorward.values.transports import Transport


def answer(number: int, prop: int, value: bytes) -> bytes:
    body = b"\x01\x00\x30" + bytes([number]) + b"\x0c\x0c\x02\x00\x00\x07\x19" + bytes([prop]) + b"\x3e" + value + b"\x3f"
    return b"\x81\x0a" + (4 + len(body)).to_bytes(2) + body


def text(shown: bytes) -> bytes:
    return b"\x75" + bytes([len(shown) + 1]) + b"\x00" + shown


DEVICE = answer(1, 75, b"\xc4\x02\x00\x00\x07")
ALL = DEVICE + answer(2, 121, text(b"Acme")) + answer(3, 70, text(b"HVAC-1")) + answer(4, 44, text(b"1.2")) + answer(5, 77, text(b"roof"))
ERROR = b"\x81\x0a\x00\x0d\x01\x00\x50\x01\x0c\x91\x02\x91\x20"
ANSWERS = [ALL, ERROR]
UDP = Context(spoke="bacnet", transport=Transport.UDP)


def test_reads_the_names() -> None:
    found = bacnet.read(ALL, UDP)
    assert found is not None
    assert (found.vendor, found.product, found.version, found.host_name, found.facts["device"]) == ("Acme", "HVAC-1", "1.2", "roof", "7")
    assert bacnet.read(ERROR, UDP) is not None


def test_asks_one_after_the_other() -> None:
    first = bacnet.first_words("h")
    assert int.from_bytes(first[2:4]) == len(first)
    second = bacnet.next_words(DEVICE, Context(turns=(Turn(first, DEVICE),)))
    assert isinstance(second, bytes)
    assert second[-1] == 121
    done = tuple(Turn(bytes([number]), b"x") for number in range(5))
    assert bacnet.next_words(ALL, Context(turns=done)) is Step.DONE
    assert bacnet.next_words(b"x", UDP) is Step.DONE


@pytest.mark.parametrize("other", [b"", DEVICE[:-1], bacnet.first_words("h"), b"\x81\x0a\x00\x09\x01\x00\x30\x07\x0c"])
def test_leaves_others_alone(other: bytes) -> None:
    assert bacnet.read(other, UDP) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="bacnet", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = bacnet.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "bacnet"
