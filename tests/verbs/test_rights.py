from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

KEPT = sum(1 << number for number in (1, 2, 13))
PROGRAM = """
import re
from doorward.verbs.rights import keep_rights_of_a_scan
keep_rights_of_a_scan()
print(" ".join(re.findall(r"Cap(?:Prm|Eff|Bnd):\\s+(\\w+)|NoNewPrivs:\\s+(\\d)", open("/proc/self/status").read())[n][0] for n in range(2)))
"""


def test_a_scan_keeps_raw_sockets_and_files_alone() -> None:
    if sys.platform != "linux":
        pytest.skip("capabilities are Linux's")
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    permitted, effective = (int(text, 16) for text in done.stdout.split())
    assert permitted & ~KEPT == 0
    assert effective & ~KEPT == 0
    if os.geteuid() == 0:
        assert permitted == effective == KEPT


def test_who_has_no_right_gives_none_up() -> None:
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv (util-linux), to give rights up beforehand")
    bare = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    done = subprocess.run([*bare, sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0000000000000000", "0000000000000000"]
