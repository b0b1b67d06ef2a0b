from __future__ import annotations

import json

import jsonschema
import pytest

from conftest import Run
from listeners import listening

#: Twenty listeners of both families in the namespace, ready when the file is there.
_LISTENERS = """
python - <<'PY' &
import pathlib, socket, time
ports = [21, 22, 25, 80, 110, 143, 443, 445, 993, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 27017, 49152, 65535]
kept = [socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True) for port in ports]
pathlib.Path("ready").touch()
time.sleep(60)
PY
until [ -e ready ]; do :; done
"""


def lines_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_whole_of_loopback_equals_what_ss_says(in_namespace: Run) -> None:
    done = in_namespace(f"cd $(mktemp -d)\n{_LISTENERS}\ndoorward scan 127.0.0.1 ::1 -p- --json; ss -Hltn | awk '{{print $4}}' >&2")
    *doors, summary = lines_of(done.stdout)
    listeners = {int(line.rpartition(":")[2]) for line in done.stderr.splitlines()}
    for address in ("127.0.0.1", "::1"):
        assert {door["port"] for door in doors if door["address"] == address} == listeners
    assert len(listeners) == 20
    assert all(door["kind"] == "door" and door["state"] == "open" for door in doors)
    assert summary["kind"] == "summary"
    assert summary["states"] == {"open": 40, "closed": 131030, "filtered": 0, "unknown": 0}
    assert summary["done"] == summary["doors"] == 131070
    assert not summary["interrupted"]


def test_lines_are_as_the_schema_says(doorward: Run) -> None:
    schema = json.loads(doorward("schema", "scan").stdout)
    with listening(1) as (port,):
        done = doorward("scan", "localhost", "-p", str(port), "--all", "--json")
    lines = lines_of(done.stdout) + lines_of(doorward("scan", "127.0.0.1", "--dry-run", "--json").stdout)
    assert [line["kind"] for line in lines] == ["door", "door", "summary", "plan"]
    for line in lines:
        jsonschema.validate(line, schema)


def test_in_words(doorward: Run) -> None:
    with listening(1) as (port,):
        done = doorward("scan", "127.0.0.1", "-p", str(port))
    assert done.returncode == 0
    assert done.stderr == ""
    assert f"127.0.0.1:{port}" in done.stdout
    assert "took the connection" in done.stdout
    assert "0 answers lost here." in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


@pytest.mark.parametrize("ports", [["-p-"], ["-p", "-"], ["-p", "1-65535"], ["--ports=-"]])
def test_all_ports(doorward: Run, ports: list[str]) -> None:
    done = doorward("scan", "127.0.0.1", *ports, "--dry-run")
    assert done.returncode == 0
    assert "65,535 doors" in done.stdout
    assert "Nothing was sent." in done.stdout


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (["127.0.0.1", "-p", "70000"], 2, "a port is at most 65535"),
        (["127.0.0.1", "-p", "no-such-service"], 2, "no service of that name"),
        (["127.0.0.1", "-p", "U:53"], 2, "UDP"),
        (["127.0.0.1", "--timeout", "soon"], 2, "--timeout"),
        (["8.8.8.8", "-p", "53"], 2, "--i-may-scan-this"),
        (["224.0.0.1", "--i-may-scan-this"], 2, "multicast"),
        (["10.0.0.1", "--exclude", "10.0.0.0/24,10.1.0.0/16"], 2, "no address is left"),
        (["\x1b[31mred"], 2, r"\x1b[31mred"),
        ([], 2, "no target was given"),
        (["fe80::1%nowhere0"], 3, "nowhere0"),
    ],
)
def test_bad_calls_are_one_clear_line(doorward: Run, words: list[str], status: int, why: str) -> None:
    done = doorward("scan", *words)
    assert done.returncode == status
    assert done.stdout == ""
    assert why in done.stderr
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr


def test_a_name_without_an_address(in_namespace: Run) -> None:
    done = in_namespace("doorward scan no-such-host.invalid -p 1")
    assert done.returncode == 3
    assert "cannot find the address of 'no-such-host.invalid'" in done.stderr


def test_interrupted_keeps_what_was_seen(in_namespace: Run) -> None:
    """The open doors answer at once, the host without ears keeps the scan waiting; then Ctrl-C."""
    done = in_namespace(
        f"""
cd $(mktemp -d)
{_LISTENERS}
ip link add a0 type veth peer name b0; ip addr add 10.9.0.1/24 dev a0; ip link set a0 up; ip link set b0 up
ip neigh add 10.9.0.9 lladdr 02:00:00:00:00:99 dev a0 nud permanent
python - <<'PY'
import signal, subprocess
words = ["doorward", "scan", "127.0.0.1", "10.9.0.9", "-p", "22,80", "--kind", "connect", "--timeout", "50", "--json"]
scan = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
seen = [scan.stdout.readline() for _ in range(2)]
scan.send_signal(signal.SIGINT)
print("".join(seen) + scan.stdout.read(), end="")
raise SystemExit(scan.wait())
PY"""
    )
    assert done.returncode == 130
    *doors, summary = lines_of(done.stdout)
    assert {(door["address"], door["port"]) for door in doors} == {("127.0.0.1", 22), ("127.0.0.1", 80)}
    assert summary["interrupted"] is True
    assert (summary["done"], summary["doors"]) == (2, 4)
    assert done.stderr == "doorward: interrupted; what was seen until now is above\n"


def test_a_closed_stdout_is_said_and_no_traceback(in_namespace: Run) -> None:
    done = in_namespace("set +e; doorward scan 127.0.0.1 -p- --all | head -n 1 >/dev/null; echo ${PIPESTATUS[0]}")
    assert done.stdout == "3\n"
    assert "whoever read standard output has closed it" in done.stderr
    assert "Traceback" not in done.stderr
