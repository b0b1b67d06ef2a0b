"""The kernel's side of the socket dump, for tests: messages as bytes, written field by field and independently of our readers."""

from __future__ import annotations

import struct

SOCKET = 20
TCP_SOCKET = 18
DONE = 3
ERROR = 2


def attribute(kind: int, payload: bytes) -> bytes:
    """One attribute with its padding."""
    length = 4 + len(payload)
    return struct.pack("=HH", length, kind) + payload + bytes(-length % 4)


def message(kind: int, body: bytes, flags: int = 2, sequence: int = 1) -> bytes:
    """One netlink message with its padding."""
    length = 16 + len(body)
    return struct.pack("=IHHII", length, kind, flags, sequence, 0) + body + bytes(-length % 4)


def record(
    *attributes: bytes,
    family: int = 2,
    state: int = 1,
    local: bytes = b"\x7f\0\0\1",
    local_port: int = 80,
    remote: bytes = b"\x7f\0\0\2",
    remote_port: int = 40000,
    interface: int = 0,
    cookie: int = 0x1_0000_0007,
    queues: tuple[int, int] = (0, 0),
    uid: int = 1000,
    inode: int = 77,
    expires: int = 0,
    kind: int = SOCKET,
) -> bytes:
    """One socket's message."""
    body = struct.pack("=BBBB", family, state, 0, 3) + struct.pack("!HH", local_port, remote_port)
    body += local.ljust(16, b"\0") + remote.ljust(16, b"\0")
    body += struct.pack("=III", interface, cookie & 0xFFFFFFFF, cookie >> 32)
    body += struct.pack("=IIIII", expires, *queues, uid, inode)
    return message(kind, body + b"".join(attributes))


def tcp_info(**fields: int) -> bytes:
    """A struct tcp_info of 232 bytes with the given fields, the rest 0."""
    at = {"lost": (32, "I"), "rtt": (68, "I"), "rttvar": (72, "I"), "cwnd": (80, "I"), "total_retrans": (100, "I")}
    at |= {"last_sent": (44, "I"), "last_received": (52, "I"), "acked": (120, "Q"), "received": (128, "Q"), "rate": (160, "Q")}
    data = bytearray(232)
    for name, value in fields.items():
        offset, form = at[name]
        struct.pack_into("=" + form, data, offset, value)
    return bytes(data)


V6ONLY = 11
CGROUP = 21
INFO = 2
PROTOCOL = 10
