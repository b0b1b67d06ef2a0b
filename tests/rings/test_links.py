from __future__ import annotations

import json

import pytest

from conftest import Run
from doorward.errors import WorldError
from doorward.rings.links import read_addresses, read_link, read_send_drops
from doorward.values.addresses import Address
from doorward.wire.frames import LinkType
from ring_places import two_places


def test_loopback() -> None:
    link = read_link("lo")
    assert link.type is LinkType.LOOPBACK
    assert link.index == 1
    assert link.mac == b""
    assert link.mtu >= 16436
    assert Address.parse("127.0.0.1").packed in read_addresses("lo")
    assert read_send_drops("lo") >= 0


def test_ip_says_the_same() -> None:
    with two_places() as (here, _):
        told = json.loads(here.run("ip -j link show dw-here"))[0]
        link, sockets = here.sockets()
        for one in sockets:
            one.close()
        assert (link.name, link.index, link.mtu) == (told["ifname"], told["ifindex"], told["mtu"])
        assert link.mac.hex(":") == told["address"]
        assert link.type is LinkType.ETHERNET
        here.run("ip link set dw-here down")
        with pytest.raises(WorldError, match="it is down"):
            here.sockets()


@pytest.mark.parametrize("name", ["", "nosuchlink0", "x" * 16, "a\0b", "\x1b[2J", "über-langer-name"])
def test_names_that_no_interface_has(name: str) -> None:
    with pytest.raises(WorldError, match="interface") as raised:
        read_link(name)
    assert "\x1b" not in str(raised.value)
    assert read_addresses(name) == frozenset()
    assert read_send_drops(name) == 0


def test_a_tunnel_has_no_link_header(in_namespace: Run) -> None:
    made = in_namespace("ip tuntap add dw-tun mode tun 2>&1 && ip link set dw-tun up && echo made || true").stdout
    if "made" not in made:
        pytest.skip("this machine makes no tun interface: " + made.strip())
    program = "from doorward.rings.links import read_link; print(read_link('dw-tun').type)"
    done = in_namespace(f'ip tuntap add dw-tun mode tun; ip link set dw-tun up; python -c "{program}"')
    assert done.stdout.strip() == "raw", done.stderr


def test_drops_on_the_way_out_are_the_kernels_count() -> None:
    with two_places() as (here, there):
        there.run("ip link set dw-there down")
        before = here.send_drops()
        here.run("ip addr add 198.18.7.1/24 dev dw-here; ping -c1 -W1 198.18.7.2 || true")
        assert here.send_drops() >= before
