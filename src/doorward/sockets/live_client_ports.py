"""Reads which ports this system hands to callers; where it doesn't say, Linux's own defaults stand."""

from __future__ import annotations

from pathlib import Path

from doorward.sockets.roles import LINUX_CLIENT_PORTS, ClientPorts

__all__ = ["decode_port_range", "read_client_ports"]

_PATH = Path("/proc/sys/net/ipv4/ip_local_port_range")  # Linux, Documentation/networking/ip-sysctl.rst; holds for IPv6 too


def read_client_ports(path: Path = _PATH) -> ClientPorts:
    """Return the range of this network namespace; the defaults where the file is missing, closed to us, or holds nonsense."""
    try:
        return decode_port_range(path.read_bytes()[:100])
    except OSError:
        return LINUX_CLIENT_PORTS


def decode_port_range(data: bytes) -> ClientPorts:
    r"""Read ``32768\t60999\n``; nonsense gives the defaults."""
    words = data.split()
    if len(words) == 2 and all(word.isdigit() and len(word) <= 5 for word in words):
        low, high = int(words[0]), int(words[1])
        if 0 < low <= high <= 65535:
            return ClientPorts(low, high)
    return LINUX_CLIENT_PORTS
