"""BER: lengths both short and long, and any bytes are elements or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.payloads.ber import INTEGER, OCTETS, SEQUENCE, Element, elements, encode, integer, number


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (encode(OCTETS, b"public"), "04067075626c6963"),
        (encode(SEQUENCE, integer(0), integer(127)), "300602010002017f"),
        (integer(128), "02020080"),
        (integer(0x5A44), "02025a44"),
        (encode(OCTETS, bytes(128)), "048180" + "00" * 128),
        (encode(OCTETS, bytes(256)), "04820100" + "00" * 256),
    ],
)
def test_elements_as_x690_writes_them(made: bytes, written: str) -> None:
    assert made == bytes.fromhex(written)


@given(st.lists(st.tuples(st.sampled_from([INTEGER, OCTETS, SEQUENCE, 0xA2]), st.binary(max_size=300)), max_size=10))
def test_what_is_written_is_read(parts: list[tuple[int, bytes]]) -> None:
    assert elements(b"".join(encode(tag, content) for tag, content in parts)) == tuple(Element(*part) for part in parts)


@given(st.integers(0, 2**63 - 1))
def test_numbers_come_back(value: int) -> None:
    read = elements(integer(value))
    assert read is not None
    assert number(read[0]) == value


@pytest.mark.parametrize(
    "nonsense",
    ["30", "3080", "300500", "3085ffffffffff", "1f0100", "0484ffffffff", "0500" * 65],
    ids=["cut", "indefinite", "short", "length of five bytes", "long tag", "4 GiB", "too many"],
)
def test_nonsense_is_nothing(nonsense: str) -> None:
    assert elements(bytes.fromhex(nonsense)) is None


def test_what_is_no_number() -> None:
    assert number(Element(OCTETS, b"\5")) is None
    assert number(Element(INTEGER, b"")) is None
    assert number(Element(INTEGER, bytes(10))) is None
    assert number(Element(0x0A, b"\5")) == 5


@given(st.binary(max_size=2000))
def test_any_bytes_are_elements_or_nothing(data: bytes) -> None:
    read = elements(data)
    assert read is None or sum(len(part.content) + 2 for part in read) <= len(data)
