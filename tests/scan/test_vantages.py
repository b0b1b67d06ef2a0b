from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import WorldError
from doorward.scan.vantages import build_lines, choose_vantage, far_lines, is_ours


@given(
    st.integers(1, 4_194_304),
    st.lists(st.sampled_from(["198.18.0.0/16", "198.19.0.0/17", "10.0.0.0/8", "fdd0:a4d::/50", "0.0.0.0/0"]), max_size=3),
)
def test_the_addresses_overlap_nothing_that_is_known(pid: int, taken: list[str]) -> None:
    vantage = choose_vantage(pid, taken)
    for address in (vantage.near_v4, vantage.far_v4, vantage.near_v6, vantage.far_v6):
        for network in (ipaddress.ip_network(text) for text in taken):
            if network.prefixlen and network.version == address.family:
                assert ipaddress.ip_address(str(address)) not in network
    assert len(vantage.near) <= 15, "the kernel's limit for an interface's name"
    assert len(vantage.far) <= 15


def test_a_machine_that_knows_all_of_the_pool_gets_no_vantage() -> None:
    with pytest.raises(WorldError, match="is taken"):
        choose_vantage(1, ["198.18.0.0/15"])


def test_the_lines_name_both_ends() -> None:
    vantage = choose_vantage(77, [])
    assert any(f"peer name {vantage.far} netns doorward-77" in line for line in build_lines(vantage))
    assert f"route add default via {vantage.near_v4}" in far_lines(vantage)
    assert vantage.path == "/run/netns/doorward-77"


@pytest.mark.parametrize(("name", "pid"), [("doorward-77", 77), ("doorward-x", None), ("web", None), ("doorward-", None), ("77", None)])
def test_only_our_own_names_are_ours(name: str, pid: int | None) -> None:
    assert is_ours(name) == pid
