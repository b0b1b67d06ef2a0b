"""CRC32c, SCTP's checksum (RFC 9260 §6.8 and appendix A), of one packet, of many, and of one whose bytes differ in a few places.

The polynomial is Castagnoli's 0x1EDC6F41, taken bit-reversed. A CRC is linear: flipping bits of a packet flips the same bits of the CRC,
whatever the rest holds. So what byte ``b`` at a distance ``d`` from the end adds is a table of 256 numbers (`differences`), and a row that
differs from a template in eight bytes costs eight look-ups instead of a pass over the packet.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.wire.rows import Places, Rows

__all__ = ["crc32c", "crc32c_rows", "differences"]

_POLYNOMIAL: Final = 0x82F63B78  # 0x1EDC6F41 with its bits reversed


def _table() -> NDArray[np.uint32]:
    registers = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        registers = np.where(registers & 1, (registers >> 1) ^ np.uint32(_POLYNOMIAL), registers >> 1)
    return registers


_TABLE: Final = _table()
_INTEGERS: Final[list[int]] = _TABLE.tolist()


def crc32c(data: bytes) -> int:
    """Return the CRC of ``data``. On the wire its bytes stand in little-endian order (RFC 9260 appendix A)."""
    register = 0xFFFFFFFF
    for byte in data:
        register = (register >> 8) ^ _INTEGERS[(register ^ byte) & 0xFF]
    return register ^ 0xFFFFFFFF


def crc32c_rows(rows: Rows, at: Places, starts: Places, ends: Places, *, hole: int | None = None) -> NDArray[np.uint32]:
    """Return the CRC of bytes ``starts`` to ``ends`` (exclusive) of each row in ``at``; four bytes at ``hole`` count as zero.

    One step for each byte of the longest packet, over all packets that reach it.
    """
    registers = np.full(len(at), 0xFFFFFFFF, np.uint32)
    sizes = ends - starts
    order = np.argsort(-sizes, kind="stable")  # the longest first: those still running are always the front of the array
    first = rows.starts(at, starts)[order]
    falling = -sizes[order]
    running = registers[order]
    for place in range(int(sizes.max(initial=0))):
        active = int(np.searchsorted(falling, -place, side="left"))
        front = running[:active]
        byte = 0 if hole is not None and hole <= place < hole + 4 else rows.flat[first[:active] + place]
        running[:active] = (front >> 8) ^ _TABLE[(front ^ byte) & 0xFF]
    registers[order] = running
    return registers ^ np.uint32(0xFFFFFFFF)


def differences(distance: int) -> NDArray[np.uint32]:
    """Return for each byte value what the CRC changes by when a zero byte with ``distance`` bytes behind it becomes that value."""
    changed = _TABLE.copy()
    for _ in range(distance):
        changed = (changed >> 8) ^ _TABLE[changed & 0xFF]
    return changed
