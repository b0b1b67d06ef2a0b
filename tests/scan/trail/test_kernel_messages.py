from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.icmp_errors import IcmpError
from doorward.scan.trail.kernel_messages import HOPS_ARRIVED, RECEIVE_ERRORS, Beside, decode_beside, is_time_exceeded
from doorward.values.addresses import Address

# As a kernel wrote them (6.18): a router's "time exceeded" about a SYN, with the count of hops left in it.
HOPS = (0, 2, b"\x3f\x00\x00\x00")
ERROR = (0, 11, b"q\x00\x00\x00\x02\x0b\x00\x00" + bytes(8) + b"\x02\x00\x00\x00\x0a\x00\x02\x02" + bytes(8))


def test_what_a_kernel_wrote() -> None:
    found = decode_beside([HOPS, ERROR])
    assert found == Beside(IcmpError(4, 11, 0, Address.parse("10.0.2.2")), 63)
    assert found.error is not None
    assert is_time_exceeded(found.error)


@pytest.mark.parametrize(
    ("family", "kind", "code", "is_it"),
    [(4, 11, 0, True), (4, 11, 1, False), (4, 3, 0, False), (6, 3, 0, True), (6, 3, 1, False), (6, 11, 0, False)],
)
def test_time_exceeded_in_transit(family: int, kind: int, code: int, is_it: bool) -> None:
    assert is_time_exceeded(IcmpError(family, kind, code, None)) is is_it


def test_a_count_of_hops_has_eight_bits() -> None:
    assert decode_beside([(41, 52, struct.pack("=i", 999))]).hops is None
    assert decode_beside([(41, 52, b"\x40")]).hops is None


PAIRS = st.sampled_from([*RECEIVE_ERRORS.values(), *HOPS_ARRIVED.values(), (1, 1)])


@given(st.lists(st.tuples(PAIRS, st.binary(max_size=80))))
def test_any_bytes_give_something(messages: list[tuple[tuple[int, int], bytes]]) -> None:
    found = decode_beside([(level, kind, data) for (level, kind), data in messages])
    assert found.hops is None or 0 <= found.hops <= 255
