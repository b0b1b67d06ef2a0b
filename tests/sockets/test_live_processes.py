"""The walk over descriptors, and who a process is."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from doorward.sockets.live_processes import read_holder, read_process, read_processes, user_name, visible_pids, walk_descriptors

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


def test_our_own_sockets_are_found() -> None:
    with socket.socket() as one, socket.socket() as two:
        held = walk_descriptors([os.getpid()])
        pairs = set(zip(held.inodes, held.pids, strict=True))
        assert {(os.fstat(s.fileno()).st_ino, os.getpid()) for s in (one, two)} <= pairs
        assert held.refused == 0


def test_ended_processes_are_passed_over() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert len(walk_descriptors([ended.pid]).pids) == 0
    holder, executable = read_holder(ended.pid)
    assert (holder.process, executable) == ("", None)


def test_a_refusal_is_counted(tmp_path: Path) -> None:
    """A stand-in for /proc, because root is refused nothing in the real one."""
    if os.geteuid() == 0:
        (tmp_path / "7").mkdir()
        (tmp_path / "7" / "fd").write_text("no folder")
        assert walk_descriptors([7], str(tmp_path)).refused == 0
    else:
        (tmp_path / "7" / "fd").mkdir(parents=True, mode=0)
        assert walk_descriptors([7], str(tmp_path)).refused == 1


def test_who_we_are() -> None:
    holder, executable = read_holder(os.getpid())
    assert holder.pid == os.getpid()
    assert holder.user == user_name(os.getuid())
    assert "pytest" in holder.command or "execnet" in holder.command or "python" in holder.command
    assert executable is not None
    assert executable.path == str(Path(f"/proc/{os.getpid()}/exe").readlink())


def test_a_program_that_was_replaced_since_it_started(tmp_path: Path) -> None:
    program = tmp_path / "sleep"
    program.write_bytes(Path("/bin/sleep").read_bytes())
    program.chmod(0o755)
    running = subprocess.Popen([str(program), "60", "--token=hunter2"], stderr=subprocess.DEVNULL)
    try:
        program.unlink()
        _, executables = read_processes([running.pid])
        texts = read_process(running.pid)
    finally:
        running.kill()
        running.wait()
    if running.pid in executables:  # sleep may have ended already over its odd argument
        assert executables[running.pid].deleted
        assert texts.comm == b"sleep\n"


def test_every_process_is_listed() -> None:
    pids = visible_pids()
    assert os.getpid() in pids
    assert pids == sorted(pids)


def test_users_without_a_name_are_numbers() -> None:
    assert user_name(4_000_000_000) == "4000000000"
    assert user_name(0) == "root"
