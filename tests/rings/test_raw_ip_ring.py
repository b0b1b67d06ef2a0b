from __future__ import annotations

import contextlib

import numpy as np
import pytest

from conftest import Run
from doorward.errors import CallError, WorldError
from doorward.rings.filters import answers, protocol
from doorward.rings.raw_ip_ring import RawIpRing, open_raw_ip_ring, open_raw_senders
from doorward.values.addresses import Address
from doorward.wire.frames import LinkType, decode_frames
from doorward.wire.templates import Envelope, tcp_template
from ring_places import shared_places


def asked(ring: RawIpRing, text: str, ports: list[int]) -> dict[int, int]:
    """Send a SYN to each port of an address of this machine, and return the flags of the answers by port."""
    address = Address.parse(text)
    template = tcp_template(Envelope(source=address, destination=address, link=LinkType.RAW))
    slots = ring.reserve(len(ports))
    lengths = template.stamp(slots, destination_ports=np.array(ports), source_ports=61000, sequences=np.arange(len(ports)))
    assert ring.commit(lengths) == len(ports)
    found: dict[int, int] = {}
    for _ in range(50):
        told = decode_frames(ring.receive(0.05), LinkType.RAW)
        found |= dict(zip(told.source_port.tolist(), told.tcp_flags.tolist(), strict=True))
        if len(found) == len(ports):
            break
    return found


@pytest.mark.parametrize("text", ["127.0.0.1", "::1", "198.18.7.1"])
def test_this_machine_answers_itself(text: str) -> None:
    with shared_places() as (here, _):
        here.run("sysctl -qw net.ipv6.conf.lo.disable_ipv6=0; ip addr replace 198.18.7.1/24 dev dw-here")
        with contextlib.closing(here.raw_ring(answers([Address.parse(text)], 61000, 61999))) as ring:
            assert asked(ring, text, [1, 2, 65535]) == {1: 0x14, 2: 0x14, 65535: 0x14}  # RST and ACK
            assert ring.link.type is LinkType.RAW
            assert ring.counters().sent == 3


def test_both_versions_in_one_call() -> None:
    with shared_places() as (here, _):
        here.run("sysctl -qw net.ipv6.conf.lo.disable_ipv6=0")
        with contextlib.closing(here.raw_ring(protocol("tcp"))) as ring:
            v4, v6 = Address.parse("127.0.0.1"), Address.parse("::1")
            data = np.zeros((6, 100), np.uint8)
            lengths = np.zeros(6, np.uint16)
            for place, address in enumerate([v4, v6, v6, v4, v4, v6]):
                template = tcp_template(Envelope(source=address, destination=address, link=LinkType.RAW))
                lengths[place] = template.stamp(data[place : place + 1], destination_ports=place + 1, source_ports=61000)[0]
            assert ring.send(data, lengths) == 6
            seen = 0
            while seen < 12 and (count := len(ring.receive(1))):
                seen += count
            assert seen == 12  # each SYN and its RST


def test_what_has_no_route_is_a_failure_and_does_not_stop_the_rest() -> None:
    with shared_places() as (here, _), contextlib.closing(here.raw_ring(protocol("tcp"))) as ring:
        source = Address.parse("127.0.0.1")
        template = tcp_template(Envelope(source=source, destination=source, link=LinkType.RAW))
        data = np.zeros((3, 100), np.uint8)
        there = np.array([[127, 0, 0, 1], [192, 0, 2, 1], [127, 0, 0, 1]], np.uint8)
        lengths = template.stamp(data, destinations=there, destination_ports=1, source_ports=61000)
        assert ring.send(data, lengths) == 3
        assert ring.counters().send_failures == 1
        assert ring.counters().sent == 2


def test_what_is_no_packet_is_refused() -> None:
    with shared_places() as (here, _), contextlib.closing(here.raw_ring(protocol("tcp"))) as ring:
        for data, length in (
            (np.zeros((1, 60), np.uint8), 60),
            (np.full((1, 60), 0x45, np.uint8), 19),
            (np.full((1, 30), 0x45, np.uint8), 30),
        ):
            with pytest.raises(CallError):
                ring.send(data, np.array([length], np.uint16))


def test_no_right_is_said_with_its_name(in_namespace: Run) -> None:
    program = "import doorward.rings.raw_ip_ring as r; r.open_raw_senders('lo')"
    done = in_namespace(f'setpriv --bounding-set -all --inh-caps -all --no-new-privs python -c "{program}" 2>&1 || true')
    assert "PermissionMissing" in done.stdout
    assert "CAP_NET_RAW" in done.stdout


def test_no_such_interface() -> None:
    with pytest.raises(WorldError, match="no such interface"):
        open_raw_ip_ring("nosuchlink0", protocol("ip"))
    assert open_raw_senders.__doc__
