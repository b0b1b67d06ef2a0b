from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.values.flows import Flow
from doorward.values.transports import Transport

ports = st.integers(0, 65535)


@given(
    st.sampled_from([4, 16]).flatmap(lambda n: st.tuples(st.binary(min_size=n, max_size=n), st.binary(min_size=n, max_size=n))),
    ports,
    ports,
)
def test_what_is_written_reads_back(ends: tuple[bytes, bytes], source_port: int, destination_port: int) -> None:
    flow = Flow(Transport.TCP, Address(ends[0]), source_port, Address(ends[1]), destination_port)
    assert Flow.parse(str(flow)) == flow
    assert flow.reversed.reversed == flow


@given(st.text(max_size=60))
def test_any_text_gives_a_flow_or_the_callers_error(text: str) -> None:
    try:
        Flow.parse(text)
    except CallError:
        return


@pytest.mark.parametrize(
    "text", ["", "tcp 1.2.3.4:5 > [::1]:5", "tcp 1.2.3.4:5 < 1.2.3.4:6", "ip 1.2.3.4:5 > 1.2.3.4:6", "tcp 1.2.3.4 > 1.2.3.4:6"]
)
def test_nonsense_is_the_callers_error(text: str) -> None:
    with pytest.raises(CallError):
        Flow.parse(text)


def test_ports_have_16_bits() -> None:
    with pytest.raises(CallError):
        Flow(Transport.UDP, Address.parse("::1"), 70000, Address.parse("::1"), 1)
