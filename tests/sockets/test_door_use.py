"""Which door a connection came in by, and who is at the other end."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from doorward.sockets.address_columns import V4_MAPPED
from doorward.sockets.door_use import MOST_PEERS, uses_of_doors
from doorward.sockets.table import PROTOCOLS, SocketTable
from doorward.values.addresses import Address
from doorward.values.doors import Door


def wide(text: str) -> bytes:
    packed = Address.parse(text).packed
    return V4_MAPPED + packed if len(packed) == 4 else packed


def table(*rows: tuple[int, str, int, str, int]) -> SocketTable:
    """Rows of (family, local address, local port, remote address, remote port); without a remote port it listens."""
    columns: dict[str, NDArray[Any]] = {
        "protocol": np.full(len(rows), 6, np.uint8),
        "family": np.array([row[0] for row in rows], np.uint8),
        "state": np.array([1 if row[4] else 10 for row in rows], np.uint8),
        "local_address": np.frombuffer(b"".join(wide(row[1]) for row in rows), np.uint8).reshape(-1, 16),
        "local_port": np.array([row[2] for row in rows], np.uint16),
        "remote_address": np.frombuffer(b"".join(wide(row[3]) for row in rows), np.uint8).reshape(-1, 16),
        "remote_port": np.array([row[4] for row in rows], np.uint16),
        "bytes_received": np.full(len(rows), 10, np.uint64),
        "bytes_acked": np.full(len(rows), 1, np.uint64),
    }
    return SocketTable.of(columns, len(rows))


def doors(sockets: SocketTable) -> dict[Door, int]:
    rows = np.flatnonzero(sockets.state == 10).tolist()
    return {Door("m", sockets.local(row), PROTOCOLS[6], int(sockets.local_port[row])): row for row in rows}


@pytest.mark.parametrize(
    ("door", "family", "local", "counts"),
    [
        ((4, "0.0.0.0", 80, "0.0.0.0", 0), 4, "192.0.2.1", True),
        ((4, "192.0.2.1", 80, "0.0.0.0", 0), 4, "192.0.2.1", True),
        ((4, "192.0.2.2", 80, "0.0.0.0", 0), 4, "192.0.2.1", False),
        ((6, "::", 80, "::", 0), 6, "192.0.2.1", True),
        ((6, "::", 80, "::", 0), 6, "2001:db8::1", True),
        ((4, "0.0.0.0", 80, "0.0.0.0", 0), 6, "2001:db8::1", False),
        ((4, "0.0.0.0", 81, "0.0.0.0", 0), 4, "192.0.2.1", False),
    ],
)
def test_a_connection_belongs_to_the_door_that_covers_it(
    door: tuple[int, str, int, str, int], family: int, local: str, counts: bool
) -> None:
    remote = "198.51.100.7" if ":" not in local else "2001:db8::7"
    sockets = table(door, (family, local, 80, remote, 5000))
    (use,) = uses_of_doors(sockets, doors(sockets)).values()
    assert use.connections == int(counts)


def test_the_nearest_door_takes_it() -> None:
    sockets = table(
        (4, "0.0.0.0", 80, "0.0.0.0", 0),
        (6, "::", 80, "::", 0),
        (4, "192.0.2.1", 80, "0.0.0.0", 0),
        (4, "192.0.2.1", 80, "198.51.100.7", 1),
        (4, "192.0.2.9", 80, "198.51.100.7", 2),
        (6, "192.0.2.9", 80, "198.51.100.7", 3),
    )
    uses = uses_of_doors(sockets, doors(sockets))
    assert {str(door.address): use.connections for door, use in uses.items()} == {"0.0.0.0": 1, "::": 1, "192.0.2.1": 1}


def test_peers_and_sums() -> None:
    callers = [(4, "192.0.2.1", 80, f"198.51.100.{n}", 5000) for n in range(1, 31)]
    own = [(4, "192.0.2.1", 80, "127.0.0.1", 6000), (4, "192.0.2.1", 80, "192.0.2.1", 6001), (4, "192.0.2.1", 80, "192.0.2.1", 6002)]
    sockets = table((4, "0.0.0.0", 80, "0.0.0.0", 0), *callers, *own)
    (use,) = uses_of_doors(sockets, doors(sockets)).values()
    assert (use.connections, use.remote_connections) == (33, 30)
    assert (use.received_bytes, use.sent_bytes) == (330, 33)
    assert len(use.peers) == MOST_PEERS
    assert str(use.peers[0]) == "192.0.2.1"


def test_no_door_and_no_connection() -> None:
    assert uses_of_doors(SocketTable.empty(), {}) == {}
