"""TCP, UDP and SCTP of many packets at once; layouts stand in `tcp`, `udp`, `sctp` and `sctp_chunks`."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.wire.columns import Columns, put, put_all, some
from doorward.wire.ip_columns import InternetLayer
from doorward.wire.rows import Places, Rows
from doorward.wire.sctp_chunks import INIT, INIT_ACK
from doorward.wire.tcp_option_columns import read_tcp_options

__all__ = ["Upper", "read_sctp", "read_tcp", "read_udp", "upper_of"]

_TCP: Final = np.dtype(
    [
        ("source_port", ">u2"),
        ("destination_port", ">u2"),
        ("sequence", ">u4"),
        ("acknowledgment", ">u4"),
        ("control", ">u2"),
        ("window", ">u2"),
        ("checksum", ">u2"),
        ("urgent", ">u2"),
    ]
)
_UDP: Final = np.dtype([("source_port", ">u2"), ("destination_port", ">u2"), ("length", ">u2"), ("checksum", ">u2")])
_SCTP: Final = np.dtype([("source_port", ">u2"), ("destination_port", ">u2"), ("sequence", ">u4"), ("checksum", "<u4")])
_CHUNK: Final = np.dtype([("kind", "u1"), ("flags", "u1"), ("length", ">u2")])
_TAG: Final = np.dtype([("tag", ">u4")])


class Upper:
    """The rows of one upper protocol whose beginning is there: row number, place, end, and whether all of the packet came."""

    __slots__ = ("at", "end", "start", "whole")

    def __init__(self, at: Places, start: Places, end: Places, whole: NDArray[np.bool_]) -> None:
        self.at = at
        self.start = start
        self.end = end
        self.whole = whole

    def __len__(self) -> int:
        return len(self.at)

    def keep(self, mask: NDArray[np.bool_]) -> Upper:
        """Return the rows where ``mask`` holds."""
        return Upper(*some(mask, self.at, self.start, self.end, self.whole))

    def demand(self, size: Places | int, columns: Columns) -> NDArray[np.bool_]:
        """Return which rows hold ``size`` bytes; the others are flagged: truncated where more was promised, malformed where not."""
        held = self.start + size <= self.end
        if not held.all():
            columns["truncated"][self.at[~held & ~self.whole]] = True
            columns["malformed"][self.at[~held & self.whole]] = True
        return held


def upper_of(layer: InternetLayer, protocol: int) -> Upper:
    """Return the packets of one upper protocol, but for later fragments, which don't begin with its header."""
    mask = (layer.protocol == protocol) & ~layer.later_fragment
    at, start, end, whole, more = some(mask, layer.at, layer.start, layer.end, layer.whole, layer.more_fragments)
    return Upper(at, start, end, whole & ~more)


def read_tcp(rows: Rows, columns: Columns, upper: Upper) -> Upper:
    """Fill the columns of TCP; returns the rows whose header is there in full."""
    upper = upper.keep(upper.demand(20, columns))
    heads = rows.read(_TCP, upper.at, upper.start)
    size = (heads["control"] >> 12).astype(np.intp) * 4
    columns["malformed"][upper.at[size < 20]] = True
    held = upper.demand(size, columns) & (size >= 20)
    heads, size = some(held, heads, size)
    upper = upper.keep(held)
    for name in ("source_port", "destination_port", "sequence", "acknowledgment", "window"):
        put(columns[name], upper.at, heads[name])
    put(columns["tcp_flags"], upper.at, heads["control"] & 0x1FF)
    _put_payload(columns, upper, size, upper.end)
    with_options = size > 20
    if with_options.any():
        at, starts, sizes = some(with_options, upper.at, upper.start + 20, size - 20)
        put_all(columns, at, read_tcp_options(rows, at, starts, sizes))
    return upper


def read_udp(rows: Rows, columns: Columns, upper: Upper) -> Upper:
    """Fill the columns of UDP; returns the rows whose header is there, ending where the datagram does, with ``whole`` of its length."""
    upper = upper.keep(upper.demand(8, columns))
    heads = rows.read(_UDP, upper.at, upper.start)
    length = heads["length"].astype(np.intp)
    sound = (length >= 8) | (length == 0)
    columns["malformed"][upper.at[~sound]] = True
    heads, length = some(sound, heads, length)
    upper = upper.keep(sound)
    put(columns["source_port"], upper.at, heads["source_port"])
    put(columns["destination_port"], upper.at, heads["destination_port"])
    end = np.where(length == 0, upper.end, np.minimum(upper.start + length, upper.end))
    _put_payload(columns, upper, 8, end)
    summed = upper.whole & (upper.start + length <= upper.end) & (heads["checksum"] != 0)
    return Upper(upper.at, upper.start, end, summed)


def read_sctp(rows: Rows, columns: Columns, upper: Upper) -> Upper:
    """Fill the columns of SCTP, of its chunks the first; returns the rows whose header is there."""
    upper = upper.keep(upper.demand(12, columns))
    heads = rows.read(_SCTP, upper.at, upper.start)
    for name in ("source_port", "destination_port", "sequence"):
        put(columns[name], upper.at, heads[name])
    _put_payload(columns, upper, 12, upper.end)
    more = upper.keep(upper.end > upper.start + 12)
    more = more.keep(more.demand(16, columns))
    chunks = rows.read(_CHUNK, more.at, more.start + 12)
    sound = chunks["length"] >= 4
    columns["malformed"][more.at[~sound]] = True
    more, (chunks,) = more.keep(sound), some(sound, chunks)
    put(columns["sctp_chunk"], more.at, chunks["kind"])
    initiating = (chunks["kind"] == INIT) | (chunks["kind"] == INIT_ACK)
    more = more.keep(initiating)
    more = more.keep(more.demand(20, columns))
    put(columns["sctp_initiate_tag"], more.at, rows.read(_TAG, more.at, more.start + 16)["tag"])
    return upper


def _put_payload(columns: Columns, upper: Upper, size: NDArray[Any] | int, end: Places) -> None:
    put(columns["payload_offset"], upper.at, upper.start + size)
    put(columns["payload_length"], upper.at, end - upper.start - size)
