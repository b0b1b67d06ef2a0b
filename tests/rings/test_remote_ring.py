from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from doorward.errors import PeerError, PermissionMissing, WorldError
from doorward.rings.helper_messages import Granted, Refused, encode_message
from doorward.rings.remote_ring import is_helper_there, open_remote_ring
from doorward.values.addresses import Address

MINE = [Address.parse("127.0.0.1")]


@contextlib.contextmanager
def answering(path: Path, answer: bytes, descriptors: int = 0) -> Iterator[None]:
    """A helper of the test's own that answers one question with anything."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener, socket.socket() as other:
        listener.bind(str(path))
        listener.listen(1)

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(8192)
                if answer:
                    socket.send_fds(client, [answer], [other.fileno()] * descriptors)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join()


def test_nobody_is_there(tmp_path: Path) -> None:
    assert not is_helper_there(tmp_path / "rings.socket")
    with pytest.raises(WorldError, match=r"docs/raw-sockets\.md"):
        open_remote_ring("lo", MINE, 61000, 61999, path=tmp_path / "rings.socket")


def test_a_refusal_is_passed_on_and_harmless(tmp_path: Path) -> None:
    path = tmp_path / "rings.socket"
    with answering(path, encode_message(Refused(why="not \x1b[31myou"))):
        assert is_helper_there(path)
        with pytest.raises(PermissionMissing, match=r"not .*you") as raised:
            open_remote_ring("lo", MINE, 61000, 61999, path=path)
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize(
    ("answer", "descriptors", "why"),
    [
        (b"nonsense", 0, "read the helper"),
        (b"nonsense", 3, "read the helper"),
        (b"", 0, "read the helper"),
        (encode_message(Granted(snap_bytes=100)), 0, "two packet sockets"),
        (encode_message(Granted(snap_bytes=100)), 2, "two packet sockets"),
        (encode_message(Granted(snap_bytes=100)), 5, "two packet sockets"),
    ],
)
def test_a_helper_that_answers_nonsense(tmp_path: Path, answer: bytes, descriptors: int, why: str) -> None:
    path = tmp_path / "rings.socket"
    with answering(path, answer, descriptors), pytest.raises(PeerError, match=why):
        open_remote_ring("lo", MINE, 61000, 61999, path=path)


def test_an_interface_that_is_not_there_is_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="no such interface"):
        open_remote_ring("nosuchlink0", MINE, 61000, 61999, path=tmp_path / "x")
