"""Runs inside a network namespace and opens sockets there for a test outside: a line of a pipe says what, descriptors come back.

Started by `ring_places`; not a test, and nothing of the product.
"""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from doorward.errors import DoorwardError
from doorward.rings.filters import Word, compile_filter, protocol
from doorward.rings.links import read_link, read_send_drops
from doorward.rings.packet_ring import open_filtered_socket, open_packet_socket
from doorward.rings.raw_ip_ring import open_raw_senders
from doorward.rings.xdp_send import open_xdp_socket
from doorward.wire.frames import LinkType

Answer = tuple[Any, list[socket.socket]]


def main(path: str) -> None:
    """Serve the test until it hangs up."""
    verbs: dict[str, Callable[..., Answer]] = {"packet": _packet, "raw": _raw, "run": _run, "drops": _drops}
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as caller:
        caller.connect(path)
        while data := caller.recv(65536):
            what, arguments = pickle.loads(data)
            try:
                answer, sockets = verbs[what](*arguments)
            except DoorwardError as error:
                what, sockets = "error", []
                answer = type(error).__name__, error.doing, error.target, error.why, error.remedy
            socket.send_fds(caller, [pickle.dumps((what, answer))], [one.fileno() for one in sockets])
            for one in sockets:
                one.close()


def _packet(name: str, words: Word, snap_bytes: int, way: str) -> Answer:
    link = read_link(name)
    sender = open_xdp_socket(name) if way == "xdp" else open_packet_socket(name)
    return link, [sender, open_filtered_socket(name, compile_filter(words, link=link.type, snap_bytes=snap_bytes))]


def _raw(name: str, words: Word, snap_bytes: int) -> Answer:
    link = read_link(name)
    header = 0 if link.type is LinkType.RAW else 14
    program = compile_filter(words & (protocol("ip") | protocol("ip6")), link=link.type, snap_bytes=snap_bytes + header)
    return link, [open_filtered_socket(name, program), *open_raw_senders(name).values()]


def _run(script: str) -> Answer:
    done = subprocess.run(["bash", "-ec", script], capture_output=True, text=True, check=False, timeout=20)
    return (done.returncode, done.stdout, done.stderr), []


def _drops(name: str) -> Answer:
    return read_send_drops(name), []


if __name__ == "__main__":
    main(sys.argv[1])
