from __future__ import annotations

import re
import socket
import struct
from pathlib import Path

import pytest

from doorward.rings import af_packet

HEADER = Path("/usr/include/linux/if_packet.h")


def test_what_python_knows_is_the_same() -> None:
    assert af_packet.SOL_PACKET == 263
    assert socket.htons(af_packet.ETH_P_ALL) in (0x0300, 0x0003)


def test_sizes_of_requests() -> None:
    assert af_packet.RING_REQUEST.size == 16  # struct tpacket_req
    assert af_packet.RING_REQUEST_V3.size == 28  # struct tpacket_req3
    assert af_packet.STATISTICS_V3.size == struct.calcsize("3I")
    assert af_packet.SEND_HEADER_BYTES == 32  # struct tpacket2_hdr, a multiple of TPACKET_ALIGNMENT


def test_the_kernels_header_says_the_same() -> None:
    if not HEADER.exists():
        pytest.skip("the kernel's headers (linux-libc-dev) are not installed")
    told = {name: int(value, 0) for name, value in re.findall(r"#define\s+(PACKET_\w+)\s+(\d+)", HEADER.read_text())}
    ours = {name: value for name, value in vars(af_packet).items() if name.startswith("PACKET_")}
    assert len(ours) >= 8
    assert ours == {name: told[name] for name in ours}
