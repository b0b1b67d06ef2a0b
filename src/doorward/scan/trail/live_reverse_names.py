"""What the addresses on a way are called, asked of the system's resolver; all at once, and no longer than is said."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Iterable
from typing import Final

from doorward.values.addresses import Address
from doorward.values.clocks import Clock
from doorward.values.printable import printable

__all__ = ["reverse_names"]

_MOST: Final = 64
_LONGEST_NAME: Final = 253  # RFC 1035 §2.3.4


def reverse_names(addresses: Iterable[Address], *, clock: Clock, most_s: float = 3.0) -> dict[Address, str]:
    """Return the names found within ``most_s``, made printable; addresses without one are missing."""
    wanted = list(dict.fromkeys(addresses))[:_MOST]
    answers: queue.SimpleQueue[tuple[Address, str]] = queue.SimpleQueue()
    for address in wanted:
        # Daemons: a resolver that hangs must not keep the program from ending.
        threading.Thread(target=_ask, args=(address, answers), daemon=True).start()
    until_ns = clock.monotonic_ns() + round(most_s * 1e9)
    found: dict[Address, str] = {}
    for _ in wanted:
        try:
            address, name = answers.get(timeout=max(0.0, (until_ns - clock.monotonic_ns()) / 1e9))
        except queue.Empty:
            break
        if name:
            found[address] = name
    return found


def _ask(address: Address, answers: queue.SimpleQueue[tuple[Address, str]]) -> None:
    bare = str(Address(address.packed))
    try:
        name, _ = socket.getnameinfo((bare, 0) if address.family == 4 else (bare, 0, 0, 0), socket.NI_NAMEREQD)
    except (OSError, UnicodeError):
        name = ""
    answers.put((address, printable(name, _LONGEST_NAME)))
