"""The walk with children must find what the walk without finds."""

import os
import socket
import sys

import pytest

from conftest import Run
from doorward.sockets import live_walk
from doorward.sockets.live_walk import Walk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


def test_without_children() -> None:
    with socket.socket() as own:
        held = Walk(children=False).finish()
        assert (os.fstat(own.fileno()).st_ino, os.getpid()) in set(zip(held.inodes, held.pids, strict=True))


def test_finishing_twice_finds_nothing_new_and_hangs_on_nothing() -> None:
    walk = Walk()
    walk.finish()
    walk.finish()


WITH_CHILDREN = """
import os, socket, subprocess, sys
from doorward.sockets import live_walk
from doorward.sockets.live_walk import Walk
live_walk._WORTH_A_CHILD = 0
os.sched_getaffinity = lambda _: {0, 1, 2}
held = [socket.socket() for _ in range(50)]
others = [subprocess.Popen(["sleep", "60"], pass_fds=[one.fileno() for one in held[:5]]) for _ in range(4)]
walk = Walk()
assert len(walk._children) == 3, walk._children
many = walk.finish()
few = Walk(children=False).finish()
assert set(zip(many.inodes, many.pids)) == set(zip(few.inodes, few.pids))
assert len(set(zip(many.inodes, many.pids))) >= 70
assert many.refused == few.refused
try:
    os.waitpid(-1, os.WNOHANG | os.WEXITED if False else os.WNOHANG)
finally:
    for one in others:
        one.kill()
        one.wait()
print("agreed")
"""


def test_children_find_the_same(in_namespace: Run) -> None:
    done = in_namespace(f"python - <<'END'\n{WITH_CHILDREN}\nEND")
    assert done.stdout.strip() == "agreed", done.stderr


def test_a_child_that_fails_is_replaced_by_walking_here() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"abc")
    os.close(writing)
    assert live_walk._result(2**22 - 1, reading) is None
