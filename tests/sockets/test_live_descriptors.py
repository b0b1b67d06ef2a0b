"""New sockets find their process, whatever was remembered before."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from doorward.sockets.live_descriptors import DescriptorMemory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


def inode(one: socket.socket) -> int:
    return os.fstat(one.fileno()).st_ino


def find(memory: DescriptorMemory, *wanted: int, alive: frozenset[int] = frozenset()) -> set[tuple[int, int]]:
    memory.look()
    return set(memory.find(frozenset(wanted), frozenset(wanted) | alive))


def test_a_new_socket_is_found_and_one_that_took_a_closed_ones_place() -> None:
    memory = DescriptorMemory()
    own = os.getpid()
    with socket.socket() as first:
        assert find(memory, inode(first)) == {(inode(first), own)}
        with socket.socket() as second:
            assert find(memory, inode(second), alive=frozenset({inode(first)})) == {(inode(second), own)}
            descriptor, gone = second.fileno(), inode(second)
        with socket.socket() as third:
            assert third.fileno() == descriptor
            assert inode(third) != gone
            assert find(memory, inode(third), alive=frozenset({inode(first)})) == {(inode(third), own)}


def test_a_descriptor_that_was_no_socket_becomes_one() -> None:
    """The tables hold sockets without a process, with inode 0: that must not be taken for one that lives."""
    memory = DescriptorMemory()
    none = frozenset({0})
    with Path(os.devnull).open("rb") as file:
        find(memory, 1, alive=none)
        descriptor = file.fileno()
    with socket.socket() as own:
        assert own.fileno() == descriptor
        assert find(memory, inode(own), alive=none) == {(inode(own), os.getpid())}


def test_every_holder_of_a_shared_socket_is_found() -> None:
    with socket.socket() as own:
        other = subprocess.Popen(["sleep", "60"], pass_fds=[own.fileno()])
        try:
            assert find(DescriptorMemory(), inode(own)) == {(inode(own), os.getpid()), (inode(own), other.pid)}
        finally:
            other.kill()
            other.wait()


def test_what_nobody_holds_is_given_up_and_nothing_is_made_up() -> None:
    memory = DescriptorMemory()
    nobodys = 2**32 - 1
    assert find(memory, nobodys) == set()
    assert find(memory, nobodys) == set()
    with socket.socket() as own:
        assert find(memory, nobodys, inode(own)) == {(inode(own), os.getpid())}


def test_ended_processes_are_forgotten() -> None:
    memory = DescriptorMemory()
    other = subprocess.Popen(["sleep", "60"])
    find(memory, 1)
    assert other.pid in memory.pids
    other.kill()
    other.wait()
    find(memory, 1)
    assert other.pid not in memory.pids
    assert other.pid not in memory._known
