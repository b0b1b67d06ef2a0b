"""Who on the link has failed to answer for an address, asked of the kernel over netlink; needs no right, and knows nobody but on Linux."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Final

from doorward.errors import PeerError, WorldError
from doorward.scan.live_names import scope_number
from doorward.scan.neighbours import Neighbour, decode_neighbours, encode_question, is_last
from doorward.values.addresses import Address

__all__ = ["AbsenceMemory", "read_neighbours"]

_BUFFER_BYTES: Final = 65536  # the kernel sends dumps in pieces of at most 32 KiB (net/netlink/af_netlink.c, netlink_dump)
_TIMEOUT_S: Final = 1.0
_FRESH_NS: Final = 200_000_000


def read_neighbours() -> list[Neighbour]:
    """Return the kernel's table; empty where it can't be had, because it only ever sharpens an answer."""
    if not hasattr(socket, "AF_NETLINK"):
        return []
    found: list[Neighbour] = []
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as asker:
            asker.settimeout(_TIMEOUT_S)
            asker.send(encode_question())
            while True:
                data = asker.recv(_BUFFER_BYTES)
                found += decode_neighbours(data)
                if is_last(data):
                    return found
    except (OSError, PeerError):
        return found


class AbsenceMemory:
    """Says whether an address on the link is nobody's; reads the kernel's table at most five times a second."""

    def __init__(self) -> None:
        self._read_at_ns: int | None = None
        self._absent: set[tuple[bytes, int]] = set()

    def has(self, address: Address, now_ns: int) -> bool:
        """Whether the kernel has asked the link for ``address`` and nobody answered."""
        if address.is_loopback:
            return False
        if self._read_at_ns is None or now_ns - self._read_at_ns > _FRESH_NS:
            self._absent = _absent(read_neighbours())
            self._read_at_ns = now_ns
        try:
            return (address.packed, scope_number(address.scope)) in self._absent
        except WorldError:  # the interface went away
            return False


def _absent(neighbours: Sequence[Neighbour]) -> set[tuple[bytes, int]]:
    """Absent addresses with their interface, and with 0 for those that nobody has on any."""
    absent = {(one.address.packed, one.interface) for one in neighbours if one.is_absent}
    present = {one.address.packed for one in neighbours if not one.is_absent}
    return absent | {(packed, 0) for packed, _ in absent if packed not in present}
