"""The range of client ports: as the system says, and Linux's default where it says nothing sensible."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.sockets.live_client_ports import decode_port_range, read_client_ports
from doorward.sockets.roles import LINUX_CLIENT_PORTS, ClientPorts


@pytest.mark.parametrize(
    ("data", "ports"),
    [
        (b"32768\t60999\n", ClientPorts(32768, 60999)),
        (b"1024 65535", ClientPorts(1024, 65535)),
        (b"", LINUX_CLIENT_PORTS),
        (b"60999 32768", LINUX_CLIENT_PORTS),
        (b"0 10", LINUX_CLIENT_PORTS),
        (b"1 70000", LINUX_CLIENT_PORTS),
        (b"1 2 3", LINUX_CLIENT_PORTS),
        ("１ ２".encode(), LINUX_CLIENT_PORTS),
    ],
)
def test_what_the_file_says(data: bytes, ports: ClientPorts) -> None:
    assert decode_port_range(data) == ports


@given(st.binary(max_size=200))
def test_any_bytes_give_a_range(data: bytes) -> None:
    ports = decode_port_range(data)
    assert 0 < ports.low <= ports.high <= 65535


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert read_client_ports(tmp_path / "none") == LINUX_CLIENT_PORTS
    (tmp_path / "range").write_bytes(b"5000 6000\n")
    assert read_client_ports(tmp_path / "range") == ClientPorts(5000, 6000)
