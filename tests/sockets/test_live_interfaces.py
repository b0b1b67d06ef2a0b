"""Own addresses, against what the system binds."""

import socket

import pytest

from conftest import Run
from doorward.sockets.live_interfaces import interface_addresses, own_addresses
from doorward.values.addresses import Address, Reach


def test_loopback_is_ours_and_every_address_can_be_bound() -> None:
    own = own_addresses()
    assert Address.parse("127.0.0.1") in own
    assert own == sorted(set(own))
    for address in own:
        family = socket.AF_INET if address.family == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as one:
            one.bind(socket.getaddrinfo(str(address), 0, family, socket.SOCK_DGRAM)[0][4])


def test_link_local_addresses_have_a_scope() -> None:
    for entry in interface_addresses():
        assert (entry.address.scope == entry.interface) == (entry.address.family == 6 and entry.address.reach is Reach.LINK)


@pytest.mark.usefixtures("needs_namespace")
def test_both_families_on_a_link_that_is_up_and_one_that_is_down(in_namespace: Run) -> None:
    done = in_namespace("""
ip link add name va type veth peer name vb
ip link set va up; ip link set vb up
ip addr add 192.0.2.1/24 dev va; ip addr add 192.0.2.1/32 dev vb
ip addr add 2001:db8::1/64 dev va nodad; ip addr add fe80::1/64 dev va nodad
ip link set lo down; ip addr add 198.51.100.1/32 dev lo
python - <<'END'
from doorward.sockets.live_interfaces import interface_addresses, own_addresses
own = [str(one) for one in own_addresses()]
print(own.count("192.0.2.1"), "2001:db8::1" in own, "fe80::1%va" in own, "198.51.100.1" in own)
print(any(str(one.address) == "198.51.100.1" and not one.is_up for one in interface_addresses()))
END
""")
    assert done.stdout.splitlines() == ["1 True True False", "True"], done.stderr
