"""What all tests share: running the real command, and a network namespace of one's own to run it in."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def namespace_refusal() -> str:
    """Say why a namespace of our own can't be made here, or nothing when it can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return "unshare (util-linux) or ip (iproute2) is not installed"
    tried = subprocess.run(["unshare", "-rn", "ip", "link", "set", "lo", "up"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this kernel or user may not make network namespaces"


# Started in the background of a script, the tests inherit an ignored SIGINT, and so would every program they interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# What a user has installed must not change what tests see; children inherit it.
os.environ["DOORWARD_FINGERPRINTS"] = str(Path(__file__).parent / "no-fingerprints-here.bin")


@pytest.fixture(scope="session")
def needs_namespace() -> None:
    """Skip, with the reason, where no namespace can be made."""
    if reason := namespace_refusal():
        pytest.skip(reason)


@pytest.fixture
def doorward(tmp_path: Path) -> Run:
    """Run the real command with a database of the test's own; returns the finished process with its texts."""

    def run(
        *words: str, env: Mapping[str, str] | None = None, timeout_s: float = 60, text_input: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "doorward", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout_s,
            input=text_input,
            env={**os.environ, "COLUMNS": "80", "DOORWARD_DATABASE": str(tmp_path / "doorward.db"), **(env or {})},
        )

    return run


def _runner(tmp_path: Path, enter: list[str]) -> Run:
    def run(script: str, timeout_s: float = 90) -> subprocess.CompletedProcess[str]:
        tools = tmp_path / "bin"
        tools.mkdir(exist_ok=True)
        for name, call in (("doorward", f"{sys.executable} -m doorward"), ("python", sys.executable)):
            (tools / name).write_text(f'#!/bin/sh\nexec {call} "$@"\n')
            (tools / name).chmod(0o755)
        path = f"{tools}:{os.environ['PATH']}:/usr/sbin:/sbin"
        # --fork --kill-child: whatever the script started ends with it.
        words = [*enter, "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", f"set -e; ip link set lo up\n{script}"]
        return subprocess.run(
            words,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout_s,
            env={**os.environ, "PATH": path, "COLUMNS": "80", "DOORWARD_DATABASE": str(tmp_path / "doorward.db")},
        )

    return run


@pytest.fixture
def in_namespace(needs_namespace: None, tmp_path: Path) -> Run:
    """Run a shell script in a network namespace of its own with loopback up; ``doorward`` and ``python`` are the ones under test."""
    return _runner(tmp_path, ["unshare", "-rn"])


@pytest.fixture
def in_own_network(needs_namespace: None) -> Iterator[Run]:
    """The same for root without a user namespace, so that a script may become another user, who can read what lies there."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
    with tempfile.TemporaryDirectory(prefix="doorward-test-") as folder:
        Path(folder).chmod(0o755)
        yield _runner(Path(folder), ["unshare", "-n"])
