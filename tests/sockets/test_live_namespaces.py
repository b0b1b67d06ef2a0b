"""Finding and entering network namespaces."""

import sys
import threading
from pathlib import Path

import pytest

from conftest import Run
from doorward.errors import WorldError
from doorward.sockets.live_namespaces import in_namespace as run_in_namespace
from doorward.sockets.live_namespaces import namespaces, own_namespace

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")


def test_our_own() -> None:
    assert own_namespace().name == ""
    assert own_namespace().inode == Path("/proc/self/ns/net").stat().st_ino
    assert own_namespace() not in [place.namespace for place in namespaces()[0]]


def test_a_place_that_is_no_namespace() -> None:
    with pytest.raises(WorldError):
        run_in_namespace("/proc/self/ns/none", own_namespace)
    with pytest.raises(WorldError):
        run_in_namespace("/dev/null", own_namespace)
    assert threading.active_count() >= 1


ENTER = """
import os, subprocess
from doorward.sockets.live_namespaces import in_namespace, namespaces, own_namespace
child = subprocess.Popen(["unshare", "-n", "sleep", "60"])
twin = subprocess.Popen(["unshare", "-n", "sleep", "60"])
try:
    while len([place for place in namespaces()[0] if place.namespace.name.startswith("sleep")]) < 2:
        pass
    own = own_namespace()
    found = {place.namespace.inode: place for place in namespaces()[0]}
    place = found[os.stat(f"/proc/{child.pid}/ns/net").st_ino]
    other = found[os.stat(f"/proc/{twin.pid}/ns/net").st_ino]
    print(sorted([place.namespace.name, other.namespace.name]))
    print(in_namespace(place.path, own_namespace).inode == place.namespace.inode, own_namespace() == own)
finally:
    for one in (child, twin):
        one.kill()
        one.wait()
"""


def test_entering_one_and_never_leaving_our_own(in_namespace: Run) -> None:
    done = in_namespace(f"python - <<'END'\n{ENTER}\nEND")
    assert done.stdout.splitlines() == ["['sleep', 'sleep-2']", "True True"], done.stderr
