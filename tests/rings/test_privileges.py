from __future__ import annotations

import pytest

from conftest import Run
from doorward.errors import PermissionMissing
from doorward.rings.privileges import CAP_NET_ADMIN, CAP_NET_RAW, has_capability, privileged_threads, require_net_raw

SHOWN = """
import pathlib
def shown():
    lines = dict(line.split(":") for line in pathlib.Path("/proc/self/status").read_text().splitlines() if ":" in line)
    return [int(lines[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")] + [int(lines["NoNewPrivs"])]
"""


def test_it_agrees_with_what_the_kernel_shows(in_namespace: Run) -> None:
    program = (
        SHOWN
        + """
from doorward.rings.privileges import has_capability
effective = shown()[2]
print(all(has_capability(number) == bool(effective >> number & 1) for number in range(41)), effective != 0)
"""
    )
    done = in_namespace(f"python -c '{program}'")
    assert done.stdout == "True True\n", done.stderr


def test_rights_are_given_up_but_one(in_namespace: Run) -> None:
    program = (
        SHOWN
        + """
import socket
from doorward.rings.privileges import CAP_NET_RAW, drop_capabilities, has_capability, privileged_threads
drop_capabilities(keep=(CAP_NET_RAW,))
print(shown() == [0, 1 << 13, 1 << 13, 0, 1], has_capability(12), has_capability(13), privileged_threads())
socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
drop_capabilities()
print(shown() == [0, 0, 0, 0, 1], privileged_threads())
try:
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
except PermissionError:
    print("refused")
"""
    )
    done = in_namespace(f"python -c '{program}'")
    assert done.stdout.splitlines() == ["True False True 1", "True 0", "refused"], done.stderr


def test_a_ring_works_on_after_all_rights_are_gone(in_namespace: Run) -> None:
    program = """
import numpy as np
from doorward.rings.filters import protocol
from doorward.rings.packet_ring import open_packet_ring
from doorward.rings.privileges import drop_capabilities, has_capability
ring = open_packet_ring("lo", protocol("arp"))
drop_capabilities()
data = np.zeros((5, 60), np.uint8)
data[:, 12:14] = 8, 6
print(has_capability(13), ring.send(data, np.full(5, 60, np.uint16)))
received = 0
while received < 5 and (count := len(ring.receive(1))):
    received += count
print(received, ring.counters().dropped_by_kernel)
"""
    done = in_namespace(f"python -c '{program}'")
    assert done.stdout.splitlines() == ["False 5", "5 0"], done.stderr


def test_the_missing_right_is_named() -> None:
    if has_capability(CAP_NET_RAW):
        require_net_raw("send frames on", "eth0")
    else:
        with pytest.raises(PermissionMissing, match="CAP_NET_RAW"):
            require_net_raw("send frames on", "eth0")
    assert CAP_NET_ADMIN == 12
    assert privileged_threads() >= 0
