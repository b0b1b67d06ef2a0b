"""Any place of any row, for many rows at once; knows bytes and lengths, no protocol.

A batch of frames is one stretch of memory with a frame every ``stride`` bytes. Headers stand at another place in each row (options,
VLAN tags, extension headers), so a column of the array is no column of headers. The obvious way gathers byte by byte; ours looks at
the memory as if a header began at *every* byte, and picks those windows that are headers: one gather for a whole header.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Places", "Rows"]

#: Row numbers, offsets, lengths.
Places = NDArray[np.intp]

_NOTHING: Final = np.zeros(1, np.uint8)


class Rows:
    """n rows of bytes of which the first ``lengths`` count; ``data`` is (n, slot) uint8 and is not copied where its bytes lie in rows."""

    __slots__ = ("_flat", "_stride", "lengths")

    lengths: Places

    def __init__(self, data: NDArray[np.uint8], lengths: NDArray[Any]) -> None:
        rows, slot = data.shape
        if data.strides[1] != 1 or data.strides[0] < 0:
            data = np.ascontiguousarray(data)
        self.lengths = np.minimum(lengths, slot).astype(np.intp)
        self._stride = data.strides[0]
        span = (rows - 1) * self._stride + slot if rows and slot else 0
        self._flat = np.lib.stride_tricks.as_strided(data, (span,), (1,), writeable=False) if span else _NOTHING

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def flat(self) -> NDArray[np.uint8]:
        """All memory from the first byte of the first row to the last byte of the last one."""
        return self._flat

    def starts(self, rows: Places, offsets: Places | int) -> Places:
        """Return where in ``flat`` the given places are."""
        return rows * self._stride + offsets

    def read(self, layout: np.dtype[Any], rows: Places, offsets: Places | int) -> NDArray[Any]:
        """Return one record of ``layout`` per given row, as a copy.

        The caller has seen to it that offset + size is within the row's length for every one of them.
        """
        size = layout.itemsize
        if not len(rows):
            return np.zeros(0, layout)
        windows = np.ndarray((len(self._flat) - size + 1,), f"V{size}", buffer=self._flat.data, strides=(1,))
        return windows[self.starts(rows, offsets)].view(layout)

    def bytes_at(self, size: int, rows: Places, offsets: Places | int) -> NDArray[np.uint8]:
        """Return ``size`` bytes of each given row as (m, size), under the same promise as `read`."""
        return self.read(np.dtype((np.void, size)), rows, offsets).view(np.uint8).reshape(len(rows), size)
