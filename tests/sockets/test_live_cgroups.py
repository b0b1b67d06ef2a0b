"""Cgroup numbers to paths, against the folders themselves."""

import sys
from pathlib import Path

import pytest

from doorward.sockets.live_cgroups import known_cgroups

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="cgroups are Linux's")


def test_numbers_are_inodes() -> None:
    roots = [root for root in (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup")) if (root / "cgroup.procs").exists()]
    if not roots:
        assert known_cgroups(frozenset({1})) == {}
        return
    folders = [roots[0], *sorted(path for path in roots[0].iterdir() if path.is_dir())[:3]]
    wanted = {folder.stat().st_ino: "/" + str(folder.relative_to(roots[0])).strip(".") for folder in folders}
    assert known_cgroups(frozenset(wanted)) == wanted


def test_unknown_numbers() -> None:
    assert known_cgroups(frozenset({0})) == {}
    assert known_cgroups(frozenset({2**63})) == {}
