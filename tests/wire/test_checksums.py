from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.checksums import internet_checksum, internet_sum, pseudo_header, transport_checksum, update_checksum
from wire_values import patient


def word_by_word(data: bytes) -> int:
    """RFC 1071 §4.1, in its plainest form: add words, bring the carry in at once."""
    total = 0
    for place in range(0, len(data), 2):
        total += data[place] << 8 | (data[place + 1] if place + 1 < len(data) else 0)
        if total > 0xFFFF:
            total -= 0xFFFF
    return total


def test_the_example_of_rfc_1071() -> None:
    assert internet_sum(bytes.fromhex("0001f203f4f5f6f7")) == 0xDDF2
    assert internet_checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D


def test_a_real_ipv4_header_sums_to_all_ones() -> None:
    header = bytes.fromhex("45000073000040004011b861c0a80001c0a800c7")
    assert internet_sum(header) == 0xFFFF
    assert internet_checksum(header[:10] + b"\0\0" + header[12:]) == 0xB861


@patient
@given(st.binary(max_size=80))
def test_it_agrees_with_adding_word_by_word(data: bytes) -> None:
    assert internet_sum(data) == word_by_word(data)


@patient
@given(st.binary(min_size=2, max_size=80), st.integers(0, 0xFFFF), st.data())
def test_an_update_equals_summing_anew(data: bytes, new: int, draw: st.DataObject) -> None:
    place = 2 * draw.draw(st.integers(0, len(data) // 2 - 1))
    old = int.from_bytes(data[place : place + 2], "big")
    changed = data[:place] + new.to_bytes(2, "big") + data[place + 2 :]
    updated = update_checksum(internet_checksum(data), old, new)
    # A packet of nothing but zeros has a sum that no update can give back (RFC 1624 §2); headers are never that.
    assert updated == internet_checksum(changed) or not any(changed)


def test_the_pseudo_headers_of_both_families() -> None:
    a, b = Address.parse("192.0.2.1"), Address.parse("192.0.2.2")
    assert pseudo_header(a, b, 6, 20).hex() == "c0000201c0000202" + "00060014"
    a6, b6 = Address.parse("2001:db8::1"), Address.parse("2001:db8::2")
    assert pseudo_header(a6, b6, 58, 70000) == a6.packed + b6.packed + (70000).to_bytes(4, "big") + bytes((0, 0, 0, 58))
    with pytest.raises(CallError, match="one family"):
        pseudo_header(a, b6, 6, 20)


def test_a_segment_with_its_checksum_sums_to_all_ones() -> None:
    a, b = Address.parse("192.0.2.1"), Address.parse("192.0.2.2")
    segment = bytes.fromhex("003500351234") + b"\0\0" + b"odd"
    checksum = transport_checksum(a, b, 17, segment)
    whole = segment[:6] + checksum.to_bytes(2, "big") + segment[8:]
    assert internet_sum(pseudo_header(a, b, 17, len(whole)) + whole) == 0xFFFF
