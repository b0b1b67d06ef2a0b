"""All payloads as arrays, so that a million datagrams are stamped without a loop over them; knows no frames and no sockets.

One row per payload, its nonce's place still zero or whatever `payload(0)` puts there. Which rows a port gets is kept as two arrays:
port ``p`` is asked ``rows[starts[p]:starts[p + 1]]``, in the order of `payloads_for`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doorward.scan.payloads.catalogue import all_payloads, payloads_for, usual_ports
from doorward.scan.payloads.contract import Payload

__all__ = ["PayloadTable", "table"]

_PORTS = 65536


@dataclass(frozen=True, slots=True)
class PayloadTable:
    """The payloads, one row each."""

    payloads: tuple[Payload, ...]
    data: NDArray[np.uint8]  #: (k, widest) zero padded
    lengths: NDArray[np.uint16]  #: (k,)
    nonce_offsets: NDArray[np.int16]  #: (k,) where the nonce's bytes stand, big-endian; -1: the datagram is made anew for each nonce
    nonce_sizes: NDArray[np.uint8]  #: (k,) 0: the protocol repeats nothing
    starts: NDArray[np.int32]  #: (65537,)
    rows: NDArray[np.int16]  #: (m,)

    def rows_of(self, port: int) -> NDArray[np.int16]:
        """The rows that a port is asked, first to last."""
        return self.rows[self.starts[port] : self.starts[port + 1]]

    def stamp(self, out: NDArray[np.uint8], rows: NDArray[np.integer], nonces: NDArray[np.uint64]) -> NDArray[np.uint16]:
        """Write datagram ``rows[i]`` with ``nonces[i]`` to ``out[i]`` and return the lengths; bytes past a length may be anything.

        Args:
            out: (n, width) with room for the longest of the rows.
            rows: (n,) as `rows_of` gives them.
            nonces: (n,), each with its lowest bytes in use.
        """
        lengths: NDArray[np.uint16] = self.lengths[rows]
        big_endian = nonces.astype(">u8").view(np.uint8).reshape(len(nonces), 8)
        for row in np.unique(rows).tolist():
            here = np.flatnonzero(rows == row)
            length, offset, size = int(self.lengths[row]), int(self.nonce_offsets[row]), int(self.nonce_sizes[row])
            out[here, :length] = self.data[row, :length]
            if offset >= 0:
                out[here, offset : offset + size] = big_endian[here, 8 - size :]
            elif size:
                self._write_each(out, row, here, nonces)
        return lengths

    def _write_each(self, out: NDArray[np.uint8], row: int, here: NDArray[np.intp], nonces: NDArray[np.uint64]) -> None:
        """Those whose nonce stands in digits or under a checksum."""
        payload, length = self.payloads[row], int(self.lengths[row])
        joined = b"".join(payload.payload(nonce) for nonce in nonces[here].tolist())
        out[here, :length] = np.frombuffer(joined, np.uint8).reshape(len(here), length)


def table(*, also: Collection[str] = ()) -> PayloadTable:
    """Make the arrays; ``also`` as in `payloads_for`, for every port."""
    payloads = tuple(all_payloads().values())
    number = {payload.NAME: row for row, payload in enumerate(payloads)}
    questions = [payload.payload(0) for payload in payloads]
    data = np.zeros((len(payloads), max(map(len, questions))), np.uint8)
    for row, question in enumerate(questions):
        data[row, : len(question)] = np.frombuffer(question, np.uint8)
    starts, rows = _port_rows(number, also)
    return PayloadTable(
        payloads=payloads,
        data=data,
        lengths=np.array([len(question) for question in questions], np.uint16),
        nonce_offsets=np.array([-1 if payload.NONCE_OFFSET is None else payload.NONCE_OFFSET for payload in payloads], np.int16),
        nonce_sizes=np.array([payload.NONCE_SIZE for payload in payloads], np.uint8),
        starts=starts,
        rows=rows,
    )


def _port_rows(number: dict[str, int], also: Collection[str]) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    """Most ports are asked the same, so only the known ones are looked up."""
    known = set(usual_ports())
    stranger = next(port for port in range(_PORTS) if port not in known)
    rows_of = {port: [number[payload.NAME] for payload in payloads_for(port, also=also)] for port in (*known, stranger)}
    each = [rows_of.get(port, rows_of[stranger]) for port in range(_PORTS)]
    starts = np.zeros(_PORTS + 1, np.int32)
    np.cumsum([len(rows) for rows in each], out=starts[1:])
    return starts, np.array([row for rows in each for row in rows], np.int16)
