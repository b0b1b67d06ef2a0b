"""The numbers by which the kernel names a socket's state; what they mean for a person is told elsewhere."""

from __future__ import annotations

import enum

__all__ = ["KernelState"]


class KernelState(enum.IntEnum):
    """A socket's state as in the kernel's ``include/net/tcp_states.h``; UDP uses ESTABLISHED (connected) and CLOSE (not connected)."""

    UNKNOWN = 0  #: the reader could not tell
    ESTABLISHED = 1
    SYN_SENT = 2
    SYN_RECV = 3
    FIN_WAIT1 = 4
    FIN_WAIT2 = 5
    TIME_WAIT = 6
    CLOSE = 7
    CLOSE_WAIT = 8
    LAST_ACK = 9
    LISTEN = 10
    CLOSING = 11
    NEW_SYN_RECV = 12
    BOUND_INACTIVE = 13  #: bound, neither listening nor connecting (Linux 6.8)
