"""What a scan remembers of each host while it runs: its pace, its round trip, and whether it is given up. Bounded; touches nothing."""

from __future__ import annotations

from typing import Final

from doorward.scan.doorstates import Reason
from doorward.scan.pace import Bucket, RoundTrip
from doorward.values.addresses import Address

__all__ = ["Host", "HostBook"]

_HOSTS_KEPT: Final = 65536  # beyond, everything is forgotten and learnt anew: cheaper than ranking, and right either way


class Host:
    """One address and what is known of it; ``bucket`` is ``None`` where no pace is set, ``given_up`` says why no door of it is tried."""

    __slots__ = ("address", "bucket", "family", "given_up", "round_trip", "scope_number", "text", "was_knocked")

    def __init__(self, address: Address, rate: float | None) -> None:
        self.address: Final = address
        self.family: Final = address.family
        self.text: Final = str(Address(address.packed))  #: without its scope
        self.scope_number: int | None = None if address.scope else 0  #: the interface's index, ``None`` until it is asked for
        self.bucket: Final = Bucket(rate) if rate else None
        self.round_trip: Final = RoundTrip(loopback=address.is_loopback)
        self.given_up: Reason | None = None
        self.was_knocked = False  #: whether a knock at it ever left this machine

    def book(self, now_ns: int) -> int:
        """Take the host's next place and return its moment."""
        return self.bucket.book(now_ns) if self.bucket is not None else now_ns


class HostBook:
    """All hosts of a scan, each paced at ``rate`` knocks a second."""

    __slots__ = ("_hosts", "_last", "_rate")

    def __init__(self, rate: float | None) -> None:
        self._rate = rate
        self._hosts: dict[Address, Host] = {}
        self._last: Host | None = None

    def of(self, address: Address) -> Host:
        """The memory of one address."""
        last = self._last
        if last is not None and last.address is address:  # most scans stay with one host, and hashing has its price
            return last
        host = self._hosts.get(address)
        if host is None:
            if len(self._hosts) >= _HOSTS_KEPT:
                self._hosts.clear()
            host = self._hosts[address] = Host(address, self._rate)
        self._last = host
        return host
