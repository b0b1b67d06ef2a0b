"""Kill -9 and go on; lists of targets as files and pipes; what is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Run
from listeners import listening

#: Four hosts with two open doors each, among 256.
_HOSTS = """
cd $(mktemp -d)
python - <<'PY' &
import pathlib, socket, time
kept = [socket.create_server((f"127.0.0.{host}", port)) for host in (3, 90, 180, 250) for port in (22, 8080)]
pathlib.Path("ready").touch()
time.sleep(80)
PY
until [ -e ready ]; do :; done
"""


_KILLER = """
import json, pathlib, signal, subprocess
words = ["doorward", "scan", "127.0.0.0/24", "-p", "22,8080,7000-7039", "--rate", "2500", "--resume", "state", "--json"]
settled, starts, status = 0, 0, None
while status != 0 and starts < 20:
    starts += 1
    with open("out", "w") as out:
        scan = subprocess.Popen(words, stdout=out)
        mark = settled
        while scan.poll() is None and settled == mark:
            try:
                settled = json.loads(pathlib.Path("state").read_text())["settled"]
            except FileNotFoundError:
                pass
        if scan.poll() is None:
            scan.send_signal(signal.SIGKILL)
        status = scan.wait()
print(starts)
"""


def test_killed_again_and_again_it_finds_every_door_once(in_namespace: Run) -> None:
    """Ten thousand doors at 2,500 a second, killed each time that a little is settled, until it comes to its end."""
    done = in_namespace(f"{_HOSTS}\npython - <<'PY'{_KILLER}PY\nls; cat out")
    starts, *rest = done.stdout.splitlines()
    *doors, summary = (json.loads(line) for line in rest if line.startswith("{"))
    assert int(starts) > 2
    assert {line for line in rest if not line.startswith("{")} == {"out", "ready"}  # nothing is left of the state
    assert sorted((door["address"], door["port"]) for door in doors) == sorted(
        (f"127.0.0.{host}", port) for host in (3, 90, 180, 250) for port in (22, 8080)
    )
    assert (summary["doors"], summary["done"], summary["interrupted"]) == (10752, 10752, False)
    assert summary["states"]["open"] == 8
    assert sum(summary["states"].values()) == 10752


def test_another_call_is_refused_and_the_state_stays(doorward: Run, tmp_path: Path) -> None:
    state = tmp_path / "state"
    done = doorward("scan", "127.0.0.1", "-p", "9", "--resume", str(state), "--xml", "/no/such/place")
    assert done.returncode == 2  # it was opened, and nothing was scanned
    before = state.read_bytes()
    done = doorward("scan", "127.0.0.1", "-p", "10", "--resume", str(state))
    assert (done.returncode, done.stdout) == (2, "")
    assert "it was begun with other ports" in done.stderr
    assert state.read_bytes() == before


def test_a_dry_run_begins_nothing(doorward: Run, tmp_path: Path) -> None:
    assert doorward("scan", "127.0.0.1", "--resume", str(tmp_path / "state"), "--dry-run").returncode == 0
    assert not (tmp_path / "state").exists()


def test_interrupted_says_how_to_go_on(in_namespace: Run) -> None:
    done = in_namespace(
        """cd $(mktemp -d)
python - <<'PY'
import pathlib, signal, subprocess
words = ["doorward", "scan", "127.0.0.0/16", "-p", "9", "--rate", "500", "--resume", "state", "--json"]
scan = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
while not pathlib.Path("state").exists() or '"settled":0' in pathlib.Path("state").read_text():
    pass
scan.send_signal(signal.SIGINT)
out, err = scan.communicate()
print(out + err, end="")
raise SystemExit(scan.returncode)
PY"""
    )
    assert done.returncode == 130
    assert "the same call goes on from state" in done.stdout
    assert json.loads(done.stdout.splitlines()[0])["interrupted"] is True


def test_targets_from_a_file_and_from_standard_input(doorward: Run, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("127.0.0.1\n127.0.0.2 # two\n")
    (tmp_path / "spared").write_text("127.0.0.2\n")
    with listening(1) as (port,):
        words = ("-p", str(port), "--json")
        by_file = doorward("scan", "--targets", str(tmp_path / "hosts"), "--exclude-file", str(tmp_path / "spared"), *words)
        by_pipe = doorward("scan", "--targets", "-", *words, text_input="127.0.0.1")
    for done in (by_file, by_pipe):
        assert json.loads(done.stdout.splitlines()[-1])["addresses"] == 1
        assert json.loads(done.stdout.splitlines()[0])["port"] == port


def test_standard_input_closed(in_namespace: Run) -> None:
    done = in_namespace("set +e; doorward scan --targets - -p 9 <&-; echo $?")
    assert done.stdout == "3\n"
    assert done.stderr == "doorward: cannot read the targets in 'standard input': it is closed. Give it a file or a pipe.\n"


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (["--targets", "/no/such"], 3, "No such file or directory"),
        (["--targets", "/"], 3, "Is a directory"),
        (["--targets", "-", "--exclude-file", "-"], 2, "one list only"),
        (["--targets", "-"], 2, "no target was given in -"),
        (["127.0.0.1", "--random", "0"], 2, "a sample has 1 to"),
        (["127.0.0.1", "--top-ports", "0"], 2, "are ranked"),
        (["127.0.0.1", "--resume", "/no/such/place"], 3, "keep the state"),
        (["127.0.0.1", "--resume", "/etc/hostname"], 2, "no state of a scan"),
    ],
)
def test_bad_calls_are_one_clear_line(doorward: Run, words: list[str], status: int, why: str) -> None:
    done = doorward("scan", "-p", "9", *words) if "--top-ports" not in words else doorward("scan", *words)
    assert (done.returncode, done.stdout) == (status, "")
    assert why in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unreadable_file(in_namespace: Run) -> None:
    done = in_namespace(
        """cd $(mktemp -d); echo 127.0.0.1 > hosts; chmod 000 hosts
WITHOUT=-dac_override,-dac_read_search
set +e; setpriv --bounding-set=$WITHOUT --inh-caps=$WITHOUT doorward scan --targets hosts -p 9 --no-memory; echo $?"""
    )
    assert done.stdout == "3\n"
    assert "cannot read the targets in 'hosts': Permission denied" in done.stderr


def test_a_mistake_is_found_by_its_place(doorward: Run, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_bytes(b"127.0.0.1\r\n# fine\r\n  \x1b[31mred\r\n")
    done = doorward("scan", "--targets", str(tmp_path / "hosts"), "-p", "9")
    assert done.returncode == 2
    assert f"{tmp_path}/hosts:3:3: " in done.stderr
    assert "\x1b" not in done.stderr


def test_the_same_seed_is_the_same_sample(doorward: Run) -> None:
    def plan(seed: str) -> object:
        done = doorward("scan", "10.0.0.0/8", "--random", "5", "--seed", seed, "-p", "9", "--dry-run", "--json")
        return json.loads(done.stdout)["targets"]

    assert plan("1") == plan("1") != plan("2")


def test_scans_are_remembered_unless_told_otherwise(doorward: Run) -> None:
    with listening(1) as (port,):
        assert doorward("scan", "127.0.0.1", "-p", str(port), "--no-memory").returncode == 0
        assert doorward("changes", "--machine", "127.0.0.1").returncode == 3
        doorward("scan", "127.0.0.1", "-p", str(port))
    doorward("scan", "127.0.0.1", "-p", str(port))
    done = doorward("changes", "--machine", "127.0.0.1", "--fail-on", "change")
    assert done.returncode == 1
    assert f"- tcp 127.0.0.1:{port}  went" in done.stdout
    assert "held by" not in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert "2 scans since" in doorward("history", str(port), "--machine", "127.0.0.1").stdout


def test_a_memory_that_fails_is_said_and_the_scan_is_whole(doorward: Run, tmp_path: Path) -> None:
    (tmp_path / "diary").write_text("not a database, but long enough to be one " * 40)
    with listening(1) as (port,):
        done = doorward("scan", "127.0.0.1", "-p", str(port), "--database", str(tmp_path / "diary"))
    assert done.returncode == 3
    assert f"127.0.0.1:{port}" in done.stdout
    assert done.stderr.count("\n") == 1
