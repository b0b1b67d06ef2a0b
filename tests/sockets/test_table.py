"""The table: rows to records, choosing, joining, and what an unknown looks like."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.address_columns import V4_MAPPED
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.processes import Executable
from doorward.sockets.table import COLUMNS, Namespace, SocketTable
from doorward.values.doors import Holder
from doorward.values.transports import Transport

LINK_LOCAL = bytes.fromhex("fe80" + "00" * 13 + "01")


def table() -> SocketTable:
    columns: dict[str, NDArray[Any]] = {
        "protocol": np.array([6, 6, 17], np.uint8),
        "family": np.array([4, 6, 6], np.uint8),
        "state": np.array([1, 10, 7], np.uint8),
        "local_address": np.frombuffer(V4_MAPPED + b"\x7f\0\0\1" + bytes(16) + LINK_LOCAL, np.uint8).reshape(3, 16),
        "local_port": np.array([40000, 80, 546], np.uint16),
        "remote_address": np.frombuffer(V4_MAPPED + b"\x7f\0\0\2" + bytes(32), np.uint8).reshape(3, 16),
        "interface": np.array([0, 0, 2], np.uint32),
        "inode": np.array([11, 12, 0], np.uint64),
        "uid": np.array([0, 33, 0], np.uint32),
        "v6only": np.array([-1, 0, 1], np.int8),
        "pid": np.array([5, -1, -1], np.int32),
        "cgroup_id": np.array([0, 9, 0], np.uint64),
    }
    return SocketTable.of(
        columns,
        3,
        namespaces=(Namespace("", 1),),
        holders={5: Holder(pid=5, process="curl"), 6: Holder(pid=6)},
        executables={5: Executable("/usr/bin/curl")},
        shared={11: (5, 6)},
        users={33: "www-data"},
        cgroups={9: "/system.slice/nginx.service"},
        interfaces={(0, 2): "eth0"},
        missing=("a",),
    )


def test_a_row_as_a_record() -> None:
    caller, door, local = (table().socket(row) for row in range(3))
    assert (caller.transport, caller.state, str(caller.local), str(caller.remote)) == (
        Transport.TCP,
        KernelState.ESTABLISHED,
        "127.0.0.1",
        "127.0.0.2",
    )
    assert (caller.holder.process, caller.pids, caller.executable) == ("curl", (5, 6), Executable("/usr/bin/curl"))
    assert door.is_dual_stack
    assert not caller.is_dual_stack
    assert (door.holder.pid, door.holder.user, door.holder.unit, door.pids) == (None, "www-data", "nginx.service", ())
    assert (str(local.local), local.interface, local.v6only) == ("fe80::1%eth0", "eth0", True)
    assert local.holder == Holder()


def test_what_was_not_read_takes_no_memory_and_reads_as_unknown() -> None:
    blank = SocketTable.of({}, 100_000)
    assert len(blank) == 100_000
    assert blank.pid[99_999] == -1
    assert blank.v6only[0] == -1
    assert blank.rtt_us.strides == (0,)
    assert {name: getattr(blank, name).dtype for name in COLUMNS} == {name: np.dtype(kind) for name, kind in COLUMNS.items()}


def test_choosing_rows() -> None:
    chosen = table().select(np.array([False, True, True]))
    assert chosen.local_port.tolist() == [80, 546]
    assert table().select(slice(0, 1)).local_port.tolist() == [40000]
    assert table().select(np.array([2, 0])).local_port.tolist() == [546, 40000]
    assert chosen.missing == ("a",)


def test_concatenating_renumbers_namespaces_and_joins_mappings() -> None:
    web = table().replaced(namespaces=(Namespace("web", 2),), holders={5: Holder(pid=5, process="wget")}, missing=("a", "b"))
    both = SocketTable.concatenate([table(), web, SocketTable.empty()])
    assert len(both) == 6
    assert [both.socket(row).namespace.name for row in (0, 3)] == ["", "web"]
    assert both.interface_name(5) == "eth0"
    assert both.missing == ("a", "b")
    assert both.holders[5].process == "wget"
    assert len(SocketTable.concatenate([])) == 0


def test_a_state_of_a_later_kernel_is_unknown() -> None:
    odd = table().replaced(state=np.array([99, 1, 1], np.uint8))
    assert odd.socket(0).state is KernelState.UNKNOWN
    assert table().replaced(interfaces={}).interface_name(2) == "2"
