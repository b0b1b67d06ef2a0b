"""The registry's facts in the file that ships."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import DoorwardBug
from doorward.ports.assignments import Assignment, Standing, decode_assignments, encode_assignments, transport_bits, transports_of
from doorward.ports.packing import pack
from doorward.values.transports import Transport

assignments = st.builds(
    Assignment,
    st.integers(-1, 65535),
    st.integers(-1, 65535),
    st.integers(0, 15),
    st.sampled_from(Standing),
    st.text(max_size=10),
    st.text(max_size=10),
    st.text(max_size=10),
    st.text(max_size=10),
    st.booleans(),
)


@given(st.lists(assignments, max_size=5))
def test_round_trip(rows: list[Assignment]) -> None:
    assert decode_assignments(encode_assignments(rows, "2025-01-01")) == ("2025-01-01", rows)


@given(st.binary(max_size=200))
def test_any_bytes_give_the_list_or_our_error(data: bytes) -> None:
    for packed in (data, pack(data)):
        try:
            decode_assignments(packed)
        except DoorwardBug:
            continue


@given(st.sets(st.sampled_from(Transport)))
def test_transports_are_bits(transports: set[Transport]) -> None:
    assert set(transports_of(sum(transport_bits(transport) for transport in transports))) == transports


@pytest.mark.parametrize(("bits", "tcp", "sctp"), [(0, True, True), (1, True, False), (4, False, True)])
def test_no_transport_means_any(bits: int, tcp: bool, sctp: bool) -> None:
    row = Assignment(1, 1, bits, Standing.ASSIGNED)
    assert (row.is_on(Transport.TCP), row.is_on(Transport.SCTP)) == (tcp, sctp)


def test_a_name_may_have_no_number() -> None:
    assert not Assignment(-1, -1, 1, Standing.ASSIGNED, "airdrop").has_number
