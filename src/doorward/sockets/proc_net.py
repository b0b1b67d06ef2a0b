"""The kernel's socket tables as text (``/proc/net/tcp``, ``tcp6``, ``udp``, ``udp6``): bytes to records; opens no file.

The fallback where netlink is missing. One line per socket, numbers in hexadecimal, an address as 32-bit words in the machine's own
byte order (``net/ipv4/tcp_ipv4.c``, get_tcp4_sock)::

      sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt   uid  timeout inode
       0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 …

There is no cookie, no cgroup, no tcp_info, and no word on whether an IPv6 socket takes IPv4.
"""

from __future__ import annotations

import sys

from doorward.errors import PeerError
from doorward.sockets.inet_diag import DiagRecord

__all__ = ["decode_proc_net"]

_MASK_32 = 0xFFFFFFFF
_MASK_64 = 0xFFFFFFFFFFFFFFFF


def decode_proc_net(text: bytes) -> list[DiagRecord]:
    """Read one of the four tables, the heading line included; a line cut short at the end is left out. Raises `PeerError`."""
    lines = text.split(b"\n")
    return [_record(line) for line in lines[1:-1] if line]


def _record(line: bytes) -> DiagRecord:
    fields = line.split()
    try:
        local, local_port = _endpoint(fields[1])
        remote, remote_port = _endpoint(fields[2])
        send_queue, receive_queue = fields[4].split(b":")
        if len(local) != len(remote):
            raise ValueError("two families")
        return DiagRecord(
            family=4 if len(local) == 4 else 6,
            state=int(fields[3], 16) & 0xFF,
            local=local,
            local_port=local_port,
            remote=remote,
            remote_port=remote_port,
            interface=0,
            cookie=0,
            receive_queue=int(receive_queue, 16) & _MASK_32,
            send_queue=int(send_queue, 16) & _MASK_32,
            uid=int(fields[7]) & _MASK_32,
            inode=int(fields[9]) & _MASK_64,
            v6only=None,
            cgroup_id=0,
        )
    except (ValueError, IndexError):
        raise PeerError("read the kernel's socket table", line[:80].decode("ascii", "replace"), why="the line has another form") from None


def _endpoint(field: bytes) -> tuple[bytes, int]:
    address, _, port = field.partition(b":")
    if len(address) not in (8, 32) or len(port) != 4:
        raise ValueError("no endpoint")
    packed = bytes.fromhex(address.decode("ascii"))
    if sys.byteorder == "little":
        packed = b"".join(packed[place : place + 4][::-1] for place in range(0, len(packed), 4))
    return packed, int(port, 16)
