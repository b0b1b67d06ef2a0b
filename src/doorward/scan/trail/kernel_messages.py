"""What Linux writes beside a packet taken from a socket: the ICMP error it is about, and the count of hops left in it. Bytes to values."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Final, NamedTuple

from doorward.errors import PeerError
from doorward.scan.icmp_errors import IcmpError, decode_extended_error

__all__ = ["HOPS_ARRIVED", "HOPS_OPTION", "RECEIVE_ERRORS", "RECEIVE_HOPS", "Beside", "decode_beside", "is_time_exceeded"]

# (level, option) by family; linux/in.h and linux/in6.h. IPPROTO_IP is 0, IPPROTO_IPV6 41.
RECEIVE_ERRORS: Final = {4: (0, 11), 6: (41, 25)}  # IP_RECVERR, IPV6_RECVERR; control messages carry the same numbers
RECEIVE_HOPS: Final = {4: (0, 12), 6: (41, 51)}  # IP_RECVTTL, IPV6_RECVHOPLIMIT
HOPS_OPTION: Final = {4: (0, 2), 6: (41, 16)}  # IP_TTL, IPV6_UNICAST_HOPS
HOPS_ARRIVED: Final = {4: (0, 2), 6: (41, 52)}  # IP_TTL, IPV6_HOPLIMIT: an int in host byte order

_TIME_EXCEEDED: Final = {
    (4, 11, 0),
    (6, 3, 0),
}  # RFC 792: "time to live exceeded in transit"; RFC 4443 §3.3: "hop limit exceeded in transit"


class Beside(NamedTuple):
    """What stood beside one packet, as far as it could be read."""

    error: IcmpError | None
    hops: int | None  #: 0 to 255


def decode_beside(control: Iterable[tuple[int, int, bytes]]) -> Beside:
    """Read the control messages of one recvmsg(2), each as (level, type, data); what can't be read is left out."""
    error: IcmpError | None = None
    hops: int | None = None
    for level, kind, data in control:
        if (level, kind) in RECEIVE_ERRORS.values():
            try:
                error = decode_extended_error(data) or error
            except PeerError:
                continue
        elif (level, kind) in HOPS_ARRIVED.values() and len(data) >= 4:
            count = int.from_bytes(data[:4], sys.byteorder)
            hops = count if count <= 255 else hops
    return Beside(error, hops)


def is_time_exceeded(error: IcmpError) -> bool:
    """Whether a router says that the knock's count of hops came to its end there."""
    return (error.family, error.type, error.code) in _TIME_EXCEEDED
