"""The forms that a scan's results take, as files and on standard output; and what happens when these fail."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from conftest import Run
from listeners import listening


def open_ports(xml: str) -> set[int]:
    return {int(port.get("portid", "0")) for port in Xml.fromstring(xml).iter("port")}


def test_all_forms_tell_the_same(doorward: Run, tmp_path: Path) -> None:
    files = {form: tmp_path / form for form in ("xml", "grep", "csv")}
    with listening(3) as ports:
        words = [part for form, file in files.items() for part in (f"--{form}", str(file))]
        done = doorward("scan", "127.0.0.1", "-p", ",".join(map(str, ports)), "--json", *words)
    assert done.returncode == 0
    *doors, _ = (json.loads(line) for line in done.stdout.splitlines())
    assert {door["port"] for door in doors} == set(ports)
    assert open_ports(files["xml"].read_text()) == set(ports)
    assert len(Xml.fromstring(files["xml"].read_text()).findall("host")) == 1
    assert {int(row["port"]) for row in csv.DictReader(io.StringIO(files["csv"].read_text()))} == set(ports)
    assert sum(f"Ports: {port}/open/tcp/" in files["grep"].read_text() for port in ports) == 3


@pytest.mark.parametrize("form", ["xml", "grep", "csv"])
def test_a_form_on_standard_output_stands_there_alone(doorward: Run, form: str) -> None:
    with listening(2) as ports:
        done = doorward("scan", "127.0.0.1", "-p", ",".join(map(str, ports)), f"--{form}", "-")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "HOW WE KNOW" not in done.stdout
    if form == "xml":
        assert open_ports(done.stdout) == set(ports)
        assert done.stdout.count("<!-- found tcp") == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--xml", "-", "--csv", "-"], "one form only"),
        (["--xml", "-", "--json"], "one form only"),
        (["--xml", "same", "--csv", "same"], "two forms"),
        (["--xml", "/no/such/folder/x"], "No such file"),
        (["--csv", "."], "Is a directory"),
    ],
)
def test_bad_places_are_said_before_anything_is_sent(doorward: Run, words: list[str], why: str) -> None:
    done = doorward("scan", "127.0.0.1", "-p", "9", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert done.stderr.count("\n") == 1


#: A scan that has found its two open doors and waits for the third, which never answers.
_WAITING = """
cd $(mktemp -d)
python - <<'PY' &
import pathlib, socket, time
kept = [socket.create_server(("127.0.0.1", port)) for port in (22, 80)]
pathlib.Path("ready").touch()
time.sleep(60)
PY
until [ -e ready ]; do :; done
ip link add a0 type veth peer name b0; ip addr add 10.9.0.1/24 dev a0; ip link set a0 up; ip link set b0 up
ip neigh add 10.9.0.9 lladdr 02:00:00:00:00:99 dev a0 nud permanent
until ip link show a0 | grep -q "state UP"; do :; done
"""


def test_killed_every_file_holds_what_was_found(in_namespace: Run) -> None:
    done = in_namespace(
        f"""{_WAITING}
doorward scan 127.0.0.1 10.9.0.9 -p 22,80 --kind connect --timeout 50 --xml x --grep g --csv c --json > j & SCAN=$!
until [ $(wc -l < c) = 3 ] && [ $(wc -l < j) = 2 ]; do :; done 2>/dev/null
kill -9 $SCAN; wait $SCAN || true
cat x; echo ====; cat g; echo ====; cat c"""
    )
    xml, grep, rows = done.stdout.split("====\n")
    assert open_ports(xml) == {22, 80}
    finished = Xml.fromstring(xml).find("runstats/finished")
    assert finished is not None
    assert finished.get("exit") == "error"
    assert grep.count("/open/tcp/") == 2
    assert len(rows.splitlines()) == 3


def test_interrupted_the_document_says_so(in_namespace: Run) -> None:
    done = in_namespace(
        f"""{_WAITING}
python - <<'PY'
import pathlib, signal, subprocess
words = ["doorward", "scan", "127.0.0.1", "10.9.0.9", "-p", "22,80", "--kind", "connect", "--timeout", "50", "--xml", "x", "--json"]
scan = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
for _ in range(2):
    scan.stdout.readline()
scan.send_signal(signal.SIGINT)
scan.communicate()
print(pathlib.Path("x").read_text(), end="")
PY"""
    )
    assert open_ports(done.stdout) == {22, 80}
    finished = Xml.fromstring(done.stdout).find("runstats/finished")
    assert finished is not None
    assert (finished.get("exit"), finished.get("errormsg")) == ("error", "interrupted"), done.stdout
    assert len(Xml.fromstring(done.stdout).findall("host")) == 1


@pytest.mark.parametrize("form", ["xml", "grep", "csv"])
def test_a_full_disk_is_said_and_the_scan_goes_on(in_namespace: Run, form: str) -> None:
    """A page of 4 KiB holds the head and a few doors only."""
    done = in_namespace(
        f"""
mkdir -p /tmp/full; mount -t tmpfs -o size=4k tmpfs /tmp/full; cd $(mktemp -d)
python - <<'PY' &
import pathlib, socket, time
kept = [socket.create_server(("127.0.0.1", port)) for port in range(2000, 2200)]
pathlib.Path("ready").touch()
time.sleep(60)
PY
until [ -e ready ]; do :; done
set +e; doorward scan 127.0.0.1 -p 2000-2199 --{form} /tmp/full/out --json > j; echo $?; wc -l < j"""
    )
    assert done.stdout.split() == ["3", "201"]
    assert done.stderr.count("\n") == 1
    assert "cannot write the results to '/tmp/full/out': No space left on device" in done.stderr


def test_a_full_disk_under_standard_output(in_namespace: Run) -> None:
    done = in_namespace("set +e; doorward scan 127.0.0.1 -p 1-50 --all --json > /dev/full; echo $?")
    assert done.stdout == "3\n"
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
