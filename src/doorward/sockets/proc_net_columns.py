"""Records of the light readers as the columns of a `SocketTable`; touches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.address_columns import V4_MAPPED
from doorward.sockets.inet_diag import DiagRecord
from doorward.sockets.table import COLUMNS

__all__ = ["columns_of_records"]

_SAME_NAMES = (
    "family", "state", "local_port", "remote_port", "interface", "cookie", "receive_queue", "send_queue", "uid", "inode", "cgroup_id",
)  # fmt: skip


def columns_of_records(records: Sequence[DiagRecord], protocol: int) -> dict[str, NDArray[Any]]:
    """Return the columns that these records know, all of one protocol."""
    count = len(records)
    columns: dict[str, NDArray[Any]] = {
        name: np.fromiter((getattr(record, name) for record in records), COLUMNS[name], count) for name in _SAME_NAMES
    }
    columns["protocol"] = np.full(count, protocol, np.uint8)
    columns["v6only"] = np.fromiter((-1 if record.v6only is None else int(record.v6only) for record in records), np.int8, count)
    columns["local_address"] = _addresses([record.local for record in records])
    columns["remote_address"] = _addresses([record.remote for record in records])
    return columns


def _addresses(packed: Sequence[bytes]) -> NDArray[np.uint8]:
    wide = b"".join(V4_MAPPED + address if len(address) == 4 else address for address in packed)
    return np.frombuffer(wide, np.uint8).reshape(-1, 16)
