"""The columns of a decoded batch: their types, what "nothing" is in each, and how some of their rows are filled; knows no header."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.wire.rows import Places

__all__ = ["COLUMNS", "Columns", "new_columns", "part_of", "put", "put_all", "some"]

#: One array per name of `COLUMNS`, all with one length; columns of bytes are (n, width).
Columns = dict[str, NDArray[Any]]

_FLAG: Final = (np.bool_, 1, 0)
_BYTE: Final = (np.uint8, 1, 0)
_HALF: Final = (np.uint16, 1, 0)
_WORD: Final = (np.uint32, 1, 0)
_HALF_OR_NONE: Final = (np.int16, 1, -1)
_MAC: Final = (np.uint8, 6, 0)
_V4: Final = (np.uint8, 4, 0)
_ADDRESS: Final = (np.uint8, 16, 0)

#: Name → (dtype, values per row, what stands where the column doesn't apply). Meanings stand at `frames.Decoded`.
COLUMNS: Final[dict[str, tuple[type[np.generic], int, int]]] = {
    "truncated": _FLAG,
    "malformed": _FLAG,
    "bad_checksum": _FLAG,
    "source_mac": _MAC,
    "destination_mac": _MAC,
    "vlan": _HALF_OR_NONE,
    "inner_vlan": _HALF_OR_NONE,
    "ethertype": _HALF,
    "family": _BYTE,
    "protocol": _BYTE,
    "source": _ADDRESS,
    "destination": _ADDRESS,
    "ttl": _BYTE,
    "traffic_class": _BYTE,
    "ip_id": _WORD,
    "dont_fragment": _FLAG,
    "more_fragments": _FLAG,
    "fragment": _FLAG,
    "missing_bytes": _HALF,
    "source_port": _HALF,
    "destination_port": _HALF,
    "tcp_flags": _HALF,
    "sequence": _WORD,
    "acknowledgment": _WORD,
    "window": _HALF,
    "tcp_options": (np.uint64, 1, 0),
    "mss": _HALF,
    "window_scale": _HALF_OR_NONE,
    "sack_permitted": _FLAG,
    "has_timestamp": _FLAG,
    "timestamp": _WORD,
    "timestamp_echo": _WORD,
    "sctp_chunk": _HALF_OR_NONE,
    "sctp_initiate_tag": _WORD,
    "payload_offset": _HALF,
    "payload_length": _HALF,
    "icmp_type": _HALF_OR_NONE,
    "icmp_code": _HALF_OR_NONE,
    "icmp_id": _HALF,
    "icmp_sequence": _HALF,
    "icmp_mtu": _WORD,
    "quoted_family": _BYTE,
    "quoted_protocol": _BYTE,
    "quoted_source": _ADDRESS,
    "quoted_destination": _ADDRESS,
    "quoted_ttl": _BYTE,
    "quoted_ip_id": _WORD,
    "quoted_source_port": _HALF,
    "quoted_destination_port": _HALF,
    "quoted_sequence": _WORD,
    "quoted_icmp_type": _HALF_OR_NONE,
    "quoted_icmp_id": _HALF,
    "quoted_icmp_sequence": _HALF,
    "arp_operation": _HALF,
    "arp_sender_mac": _MAC,
    "arp_sender": _V4,
    "arp_target_mac": _MAC,
    "arp_target": _V4,
    "nd_target": _ADDRESS,
    "nd_mac": _MAC,
    "nd_flags": _BYTE,
}


def new_columns(count: int) -> Columns:
    """Return columns of ``count`` rows with nothing in them; memory is only taken where something is written (zero pages)."""
    columns: Columns = {}
    for name, (dtype, width, nothing) in COLUMNS.items():
        shape = (count,) if width == 1 else (count, width)
        columns[name] = np.full(shape, nothing, dtype) if nothing else np.zeros(shape, dtype)
    return columns


def part_of(columns: Columns, begin: int, end: int) -> Columns:
    """Return some rows of all columns, as views to write into."""
    return {name: column[begin:end] for name, column in columns.items()}


def put(column: NDArray[Any], at: Places, values: NDArray[Any] | int) -> None:
    """Write one value per row in ``at`` (ascending, each once), or one for them all; all rows at once take the short way."""
    if len(at) == len(column):
        column[...] = values
    elif column.ndim == 2 and isinstance(values, np.ndarray):  # each row's bytes as one thing: twice as fast (2026-11-23)
        whole = f"V{column.shape[1]}"
        column.view(whole)[at, 0] = np.ascontiguousarray(values).view(whole)[:, 0]
    else:
        column[at] = values


def put_all(columns: Columns, at: Places, values: dict[str, NDArray[Any]]) -> None:
    """Write several columns' values for the rows in ``at``."""
    for name, found in values.items():
        put(columns[name], at, found)


def some(mask: NDArray[np.bool_], *arrays: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Return the arrays' rows where ``mask`` holds; the arrays themselves where it holds everywhere."""
    if mask.all():
        return arrays
    which = np.flatnonzero(mask)
    return tuple(array[which] for array in arrays)
