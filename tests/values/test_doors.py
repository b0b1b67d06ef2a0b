from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.values.doors import Door, Holder, name_machine, parse_endpoint
from doorward.values.transports import Transport


@given(
    st.from_regex(r"[a-z][a-z0-9.-]{0,20}(#[a-z0-9]{1,8})?", fullmatch=True),
    st.one_of(st.binary(min_size=4, max_size=4), st.binary(min_size=16, max_size=16)),
    st.sampled_from(list(Transport)),
    st.integers(0, 65535),
)
def test_what_is_written_reads_back(machine: str, packed: bytes, transport: Transport, port: int) -> None:
    door = Door(machine, Address(packed), transport, port)
    assert Door.parse(str(door)) == door


@given(st.text(max_size=60))
def test_any_text_gives_a_door_or_the_callers_error(text: str) -> None:
    try:
        Door.parse(text)
    except CallError:
        return


@pytest.mark.parametrize(
    "text",
    ["", "a/b/c", "a/tcp/127.0.0.1", "a/tcp/::1:22", "a/tcp/[::1]:70000", "a/icmp/1.2.3.4:5", "a/tcp/1.2.3.4:-5", "a/b/tcp/1.2.3.4:5"],
)
def test_nonsense_is_the_callers_error(text: str) -> None:
    with pytest.raises(CallError):
        Door.parse(text)


def test_a_machine_name_can_neither_split_a_door_nor_move_a_cursor() -> None:
    for name in ("a/b", "a\x1b[2J"):
        with pytest.raises(CallError):
            Door(name, Address.parse("::1"), Transport.TCP, 1)
    with pytest.raises(CallError, match="16 bits"):
        Door("a", Address.parse("::1"), Transport.TCP, 65536)


def test_endpoints() -> None:
    assert parse_endpoint("[fe80::1%eth0]:22") == (Address.parse("fe80::1%eth0"), 22)
    assert parse_endpoint("192.0.2.1:0") == (Address.parse("192.0.2.1"), 0)


def test_holders_have_a_short_name() -> None:
    assert Holder(pid=812, process="nginx").label == "nginx (812)"
    assert Holder(process="nginx").label == "nginx"
    assert Holder(pid=3).label == "? (3)"
    assert Holder().label == "unknown process"


@pytest.mark.parametrize(("node", "name"), [("laptop", "laptop"), ("", "this-machine"), ("a/b#c", "a-b-c"), ("x\x1b[2J", "x-[2J")])
def test_a_machines_name_can_be_carried_by_a_door(node: str, name: str) -> None:
    assert name_machine(node) == name
