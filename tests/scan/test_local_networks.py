from __future__ import annotations

import pytest

from doorward.errors import CallError, WorldError
from doorward.scan.local_networks import InterfaceNetwork, local_targets
from doorward.values.addresses import Address


def on(interface: str, address: str, bits: int, *, is_up: bool = True) -> InterfaceNetwork:
    return InterfaceNetwork(interface, Address.parse(address), bits, is_up)


def test_private_networks_each_once() -> None:
    words = local_targets(
        [
            on("lo", "127.0.0.1", 8),
            on("wlan0", "192.168.1.7", 24),
            on("eth0", "192.168.1.8", 24),
            on("eth0", "8.8.8.8", 24),
            on("eth1", "10.1.2.3", 16, is_up=False),
            on("tun0", "10.8.0.2", 32),
            on("eth0", "fd00::7", 64),
            on("eth0", "fd00:1::7", 120),
            on("eth0", "fe80::7%eth0", 64),
            on("eth2", "169.254.3.4", 16),
        ]
    )
    assert [(word.text, word.place) for word in words] == [
        ("192.168.1.0/24", "--local (eth0)"),
        ("fd00:1::/120", "--local (eth0)"),
        ("169.254.0.0/16", "--local (eth2)"),
    ]


def test_a_scope_stays() -> None:
    assert [word.text for word in local_targets([on("eth0", "fe80::7%eth0", 120)])] == ["fe80::%eth0/120"]


def test_nothing_local_is_said() -> None:
    with pytest.raises(WorldError, match="no interface that is up"):
        local_targets([on("lo", "127.0.0.1", 8)])


def test_a_huge_network_must_be_meant() -> None:
    with pytest.raises(CallError, match="16,777,216 addresses"):
        local_targets([on("vpn0", "10.0.0.1", 8)])
