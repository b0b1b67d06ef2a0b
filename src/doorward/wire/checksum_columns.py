"""Which packets of a batch carry a wrong checksum; only whole, unfragmented packets are judged, and UDP that has one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from doorward.wire.checksum_rows import fold, pseudo_sums, row_sums
from doorward.wire.columns import Columns
from doorward.wire.crc32c import crc32c_rows
from doorward.wire.ip_columns import InternetLayer
from doorward.wire.rows import Places, Rows
from doorward.wire.transport_columns import Upper

__all__ = ["judge_crc", "judge_headers", "judge_segments"]

_RIGHT = 0xFFFF  # a packet summed with its own checksum (RFC 1071 §1)


def judge_headers(rows: Rows, columns: Columns, layer: InternetLayer) -> None:
    """Sum the IPv4 headers."""
    wrong = row_sums(rows, layer.at, layer.header, layer.start) != _RIGHT
    columns["bad_checksum"][layer.at[wrong]] = True


def judge_segments(rows: Rows, columns: Columns, upper: Upper, *, pseudo: int | None) -> None:
    """Sum whole segments, with the pseudo-header of protocol ``pseudo``, or without."""
    upper = upper.keep(_judged(columns, upper))
    sums = row_sums(rows, upper.at, upper.start, upper.end)
    if pseudo is not None:
        lengths = upper.end - upper.start
        sums = fold(sums + pseudo_sums(columns["source"][upper.at], columns["destination"][upper.at], pseudo, lengths))
    columns["bad_checksum"][upper.at[sums != _RIGHT]] = True


def judge_crc(rows: Rows, columns: Columns, upper: Upper) -> None:
    """Compare the CRC of whole SCTP packets."""
    upper = upper.keep(_judged(columns, upper))
    stored = rows.bytes_at(4, upper.at, upper.start + 8).view("<u4")[:, 0]
    wrong = crc32c_rows(rows, upper.at, upper.start, upper.end, hole=8) != stored
    columns["bad_checksum"][upper.at[wrong]] = True


def _judged(columns: Columns, upper: Upper) -> NDArray[np.bool_]:
    """Whole packets; of a damaged header nothing further is said."""
    damaged: Places = upper.at
    return upper.whole & ~columns["malformed"][damaged] & ~columns["truncated"][damaged]
