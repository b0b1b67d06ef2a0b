"""What the audit is handed of the sockets."""

import datetime

import numpy as np

from doorward.sockets.address_columns import V4_MAPPED
from doorward.sockets.processes import Executable
from doorward.sockets.table import Namespace, SocketTable
from doorward.sockets.testimony import testify as bear_witness
from doorward.values.doors import Holder
from doorward.values.evidence import Certainty, Evidence, Witness

AT = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
ANY4, ANY6 = V4_MAPPED + bytes(4), bytes(16)
PEER = V4_MAPPED + bytes([198, 51, 100, 7])

#: protocol, family, state, local address, port, remote address, port, pid, v6only, namespace
ROWS = [
    (6, 6, 10, ANY6, 80, ANY6, 0, 5, 0, 0),
    (6, 6, 10, ANY6, 80, ANY6, 0, 6, 0, 0),
    (6, 6, 1, V4_MAPPED + b"\x0a\0\0\1", 80, PEER, 4000, 5, -1, 0),
    (6, 4, 10, ANY4, 22, ANY4, 0, -1, -1, 1),
    (17, 4, 7, ANY4, 53, ANY4, 0, 7, -1, 0),
    (17, 4, 7, ANY4, 40001, ANY4, 0, 7, -1, 0),
    (17, 4, 7, ANY4, 51820, ANY4, 0, -1, -1, 0),
    (17, 4, 1, ANY4, 50000, PEER, 443, 7, -1, 0),
    (17, 4, 7, ANY4, 0, ANY4, 0, 7, -1, 0),
]


def said() -> dict[tuple[Witness, str], Evidence]:
    names = ("protocol", "family", "state", "local_address", "local_port", "remote_address", "remote_port", "pid", "v6only", "namespace")
    kinds = (np.uint8, np.uint8, np.uint8, None, np.uint16, None, np.uint16, np.int32, np.int8, np.int16)
    columns = {
        name: np.frombuffer(b"".join(row[place] for row in ROWS), np.uint8).reshape(-1, 16)  # type: ignore[misc]
        if kind is None
        else np.array([row[place] for row in ROWS], kind)
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
    }
    columns["inode"] = np.arange(100, 100 + len(ROWS), dtype=np.uint64)
    columns["receive_queue"] = np.full(len(ROWS), 2, np.uint32)
    columns["send_queue"] = np.full(len(ROWS), 128, np.uint32)
    columns["bytes_received"] = np.full(len(ROWS), 9, np.uint64)
    table = SocketTable.of(
        columns,
        len(ROWS),
        namespaces=(Namespace("", 1), Namespace("web", 2)),
        holders={
            5: Holder(pid=5, process="nginx", command="nginx", user="root", unit="nginx.service"),
            6: Holder(pid=6, process="nginx"),
            7: Holder(pid=7, process="named"),
        },
        executables={5: Executable("/usr/sbin/nginx", deleted=True)},
        users={0: "root"},
    )
    evidence = bear_witness(table, machine="m", at=AT)
    assert evidence == sorted(evidence, key=lambda one: one.door)
    return {(one.witness, str(one.door)): one for one in evidence}


def test_one_piece_a_door_and_witness() -> None:
    doors = {"m/tcp/[::]:80", "m#web/tcp/0.0.0.0:22", "m/udp/0.0.0.0:53", "m/udp/0.0.0.0:40001", "m/udp/0.0.0.0:51820"}
    assert said().keys() == {(witness, door) for witness in (Witness.SOCKET, Witness.USE) for door in doors}


def test_a_door_that_two_processes_share() -> None:
    socket = said()[Witness.SOCKET, "m/tcp/[::]:80"]
    assert (socket.says, socket.vantage, socket.certainty, socket.at) == ("listens", "kernel", Certainty.MEASURED, AT)
    assert socket.facts == {
        "pid": 5, "process": "nginx", "command": "nginx", "user": "root", "unit": "nginx.service", "executable": "/usr/sbin/nginx",
        "executable_deleted": True, "processes": ["nginx (5)", "nginx (6)"], "inode": 100, "dual_stack": True, "accept_queue": 4,
        "accept_limit": 256,
    }  # fmt: skip
    assert "nginx (5)" in socket.why


def test_its_use() -> None:
    use = said()[Witness.USE, "m/tcp/[::]:80"]
    assert (use.says, use.certainty) == ("used", Certainty.MEASURED)
    assert use.facts == {"connections": 1, "remote_connections": 1, "peers": ["198.51.100.7"], "received_bytes": 9, "sent_bytes": 0}


def test_a_door_whose_process_is_unseen() -> None:
    socket = said()[Witness.SOCKET, "m#web/tcp/0.0.0.0:22"]
    assert "pid" not in socket.facts
    assert "dual_stack" not in socket.facts
    assert "couldn't be seen" in socket.why
    assert said()[Witness.USE, "m#web/tcp/0.0.0.0:22"].says == "none now"


def test_udp() -> None:
    evidence = said()
    marks = {port: evidence[Witness.SOCKET, f"m/udp/0.0.0.0:{port}"].facts["client_port"] for port in (53, 40001, 51820)}
    assert marks == {53: False, 40001: True, 51820: False}
    use = evidence[Witness.USE, "m/udp/0.0.0.0:53"]
    assert (use.says, use.certainty) == ("none now", Certainty.UNKNOWN)
