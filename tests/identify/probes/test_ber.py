"""The lengths and tags of LDAP, SNMP and Kerberos, written and read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes._ber import (
    decode_elements,
    decode_integer,
    decode_oid,
    encode,
    encode_integer,
    first_element,
    whole_size,
)


@pytest.mark.parametrize(
    ("inside", "written"),
    [
        (b"", "0400"),
        (b"a", "040161"),
        (bytes(127), "047f" + "00" * 127),
        (bytes(128), "048180" + "00" * 128),
        (bytes(300), "0482012c" + "00" * 300),
    ],
)
def test_lengths_take_as_many_bytes_as_they_need(inside: bytes, written: str) -> None:
    assert encode(0x04, inside) == bytes.fromhex(written)
    assert first_element(bytes.fromhex(written)) == (0x04, inside)
    assert whole_size(bytes.fromhex(written)) == len(written) // 2


@pytest.mark.parametrize(
    "data", [b"", b"\x04", b"\x04\x02a", b"\x04\x80", b"\x04\x85\1\1\1\1\1", b"\x1f\x01a", b"\x04\x84\xff\xff\xff\xff"]
)
def test_what_is_cut_or_endless_is_the_peers_error(data: bytes) -> None:
    with pytest.raises(PeerError):
        first_element(data)


@pytest.mark.parametrize(
    ("inside", "name"),
    [("2b06010401bf08", "1.3.6.1.4.1.8072"), ("2a864886f70d", "1.2.840.113549"), ("", ""), ("80", ""), ("8837", "2.999")],
)
def test_object_identifiers(inside: str, name: str) -> None:
    assert decode_oid(bytes.fromhex(inside)) == name


@settings(deadline=None, max_examples=60)
@given(st.integers(-(2**63), 2**63 - 1))
def test_numbers_come_back(number: int) -> None:
    assert decode_integer(first_element(encode_integer(number))[1]) == number


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([0x02, 0x04, 0x30, 0xA3]), st.binary(max_size=300)), max_size=10))
def test_values_side_by_side_come_back(values: list[tuple[int, bytes]]) -> None:
    assert decode_elements(b"".join(encode(tag, inside) for tag, inside in values)) == values


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    assert whole_size(data) >= 0
    decode_oid(data)
    try:
        assert len(decode_elements(data)) <= len(data)
    except PeerError:
        return
