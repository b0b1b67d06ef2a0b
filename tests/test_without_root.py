"""What a plain user gets: everything that needs no right, and the names of what it could not see."""

from __future__ import annotations

import os
import shutil

import pytest

from conftest import Run

# The interpreter may lie in a folder that only its owner may enter; CAP_DAC_READ_SEARCH opens folders, and no other user's process.
AS_NOBODY = (
    "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search"
    " env HOME=$PWD DOORWARD_DATABASE=$PWD/memory/doorward.db"
)


@pytest.fixture
def as_user(needs_namespace: None) -> str:
    if os.geteuid() != 0:
        pytest.skip("needs root, to start a server as one user and look as another")
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv (util-linux) is not installed")
    return AS_NOBODY


# A user namespace maps one user only, so this one is entered with real root.
SCRIPT = """
cd $(mktemp -d); chmod 755 .; mkdir memory; chown 65534 memory
python -m http.server 8000 >/dev/null 2>&1 &
for _ in $(seq 100); do doorward audit --no-memory --no-knock --json | grep -q '"port": 8000' && break; done
"""


def test_everything_works_and_what_is_not_seen_is_named(as_user: str, in_own_network: Run) -> None:
    done = in_own_network(f"{SCRIPT}\n{as_user} doorward audit; {as_user} doorward sockets; {as_user} doorward identify 127.0.0.1:8000")
    assert done.returncode == 0, done.stderr
    assert "tcp 0.0.0.0:8000" in done.stdout
    assert "not visible" in done.stdout
    assert "as root" in done.stdout
    assert "as root" in done.stderr
    assert "http.server" in done.stdout, "what answers needs no right"


def test_it_remembers_in_the_users_own_place(as_user: str, in_own_network: Run) -> None:
    done = in_own_network(f"{SCRIPT}\n{as_user} doorward audit >/dev/null; {as_user} doorward history 8000; ls -ln memory/doorward.db")
    assert "8000" in done.stdout
    assert "-rw-------" in done.stdout
    assert "65534" in done.stdout
