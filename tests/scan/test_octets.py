from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.scan.octets import is_octet_pattern, parse_octets
from doorward.scan.spans import merged, network_span


def count(pattern: str, bits: int = 32) -> int:
    return sum(span.count for span in merged(parse_octets(pattern, bits)))


@pytest.mark.parametrize(
    ("pattern", "bits", "addresses"),
    [
        ("10.0.0.1", 32, 1),
        ("10.0-1.0.0", 31, 4),
        ("10.0.0,4.1", 24, 512),
        ("10.0-255.*.*", 32, 2**24),
        ("10.0.0.1,3,5-7", 30, 8),
        ("1-2.*.*.*", 8, 2**25),
        ("10.0.0.0", 0, 2**32),
    ],
)
def test_patterns_stand_for_so_many(pattern: str, bits: int, addresses: int) -> None:
    assert count(pattern, bits) == addresses


@pytest.mark.parametrize("pattern", ["10.0.0", "10.0.0.256", "10.0.0.3-1", "10.0.0.1,,2", "10.0.0.01", "...", "10.0.0.1-2-3"])
def test_nonsense_is_refused(pattern: str) -> None:
    with pytest.raises(CallError):
        parse_octets(pattern)


def test_a_pattern_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(CallError, match="separate ranges"):
        parse_octets("1-9.*.*.7,9")


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_one_address_with_bits_is_its_network(number: int, bits: int) -> None:
    text = ".".join(str(byte) for byte in number.to_bytes(4, "big"))
    assert merged(parse_octets(text, bits)) == (network_span(f"{text}/{bits}"),)


@given(st.text(alphabet="0123456789.,*-", max_size=30))
def test_any_pattern_gives_spans_or_the_callers_error(text: str) -> None:
    assert is_octet_pattern(text) == bool(text)
    try:
        spans = parse_octets(text)
    except CallError:
        return
    assert all(0 <= span.first <= span.last < 2**32 for span in spans)
