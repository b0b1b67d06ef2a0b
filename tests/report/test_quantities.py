"""Bytes, times and counts in few digits."""

import pytest

from doorward.report.quantities import amount, count, duration_us


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1249, "1.2 kB"), (9949, "9.9 kB"), (9950, "10 kB"), (999_499, "999 kB"),
     (999_500, "1.0 MB"), (5 * 10**9, "5.0 GB"), (2**64 - 1, "18 EB")],
)  # fmt: skip
def test_bytes(size: int, text: str) -> None:
    assert amount(size) == text
    assert len(text) <= 7


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [(10, "0.01 ms"), (999, "1.00 ms"), (1000, "1.0 ms"), (9949, "9.9 ms"), (12_345, "12 ms"), (999_499, "999 ms"), (1_300_000, "1.3 s")],
)
def test_times(microseconds: int, text: str) -> None:
    assert duration_us(microseconds) == text


def test_counts() -> None:
    assert [count(number, "door") for number in (0, 1, 12_345)] == ["0 doors", "1 door", "12,345 doors"]
    assert count(2, "process") == "2 processes"
