"""The real command, in a namespace of its own, against servers of the test's own."""

import json

import jsonschema
import pytest

from conftest import Run

# Each door as hostile as it can be: what it says, how often, and how slowly.
SERVERS = r"""
python - 2>/dev/null <<'PY' &
import asyncio
EVIL = b"\x1b]0;PWNED\x07\x1b[2J\xc2\x9b31m\xe2\x80\xaeevil[red]x[/red]<script>alert(1)</script>"
async def escapes(reader, writer):
    writer.write(b"SSH-2.0-OpenSSH_9.9" + EVIL + b"\r\n"); await writer.drain(); await asyncio.sleep(9)
async def page(reader, writer):
    await reader.read(999); writer.write(b"HTTP/1.1 200 OK\r\nServer: " + EVIL + b"\r\n\r\n<title>" + EVIL + b"</title>")
    await writer.drain(); writer.close()
async def endless(reader, writer):
    while True:
        writer.write(b"A" * 65536); await writer.drain()
async def drip(reader, writer):
    while True:
        writer.write(b"x"); await writer.drain(); await asyncio.sleep(1)
async def silent(reader, writer):
    await asyncio.sleep(99)
async def main():
    for port, answer in enumerate((escapes, page, endless, drip, silent), 7001):
        await asyncio.start_server(answer, "127.0.0.1", port)
    await asyncio.sleep(99)
asyncio.run(main())
PY
for _ in $(seq 100); do ss -Hltn | grep -q :7005 && break; sleep 0.05; done
"""
DOORS = "127.0.0.1:7001-7005 --timeout 2"


def test_hostile_doors_are_shown_harmless(in_namespace: Run) -> None:
    done = in_namespace(f"{SERVERS}\nCOLUMNS=80 doorward identify {DOORS}; doorward identify --hex {DOORS}")
    assert done.returncode == 0, done.stderr
    assert all(line.isprintable() for line in done.stdout.split("\n"))
    assert len(done.stdout) < 60_000
    assert "PWNED" in done.stdout
    assert "OpenSSH 9.9" in done.stdout
    assert done.stderr == ""


def test_the_document_is_as_its_schema_says(in_namespace: Run) -> None:
    done = in_namespace(f"{SERVERS}\ndoorward schema identify | tr -d '\\n'; echo; doorward identify --json {DOORS}")
    schema, *answers = [json.loads(line) for line in done.stdout.splitlines()]
    for answer in answers:
        jsonschema.validate(answer, schema)
    assert len(answers) == 5
    assert done.stdout.isascii()
    outcomes = {answer["port"]: answer["outcome"] for answer in answers}
    assert outcomes == {7001: "identified", 7002: "identified", 7003: "unrecognised", 7004: "unrecognised", 7005: "silent"}
    assert all(answer["elapsed_ms"] < 3500 and answer["received_bytes"] <= 12 * 65536 for answer in answers)


WRONG = {
    "": "no door was named",
    "127.0.0.1": "no port",
    "127.0.0.1:70000": "65535",
    "127.0.0.1:nosuch": "no service",
    "::1:80": "brackets",
    "8.8.8.8:53": "--i-may-scan-this",
    "127.0.0.1:1 --only nothing": "no probe|none of that name",
    "127.0.0.1:1 --timeout 0": "0.2 to 120",
    "127.0.0.1:1 --timeout soon": "invalid float",
}


@pytest.mark.parametrize("words", WRONG)
def test_wrong_calls_get_one_clear_line(doorward: Run, words: str) -> None:
    done = doorward("identify", *words.split())
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert any(part in done.stderr for part in WRONG[words].split("|"))


def test_the_list_of_what_is_known(doorward: Run) -> None:
    assert "Secure Shell" in doorward("identify", "--list").stdout
    lines = [json.loads(line) for line in doorward("identify", "--list", "--json").stdout.splitlines()]
    assert {"ssh", "http", "smtp", "telnet"} <= {line["service"] for line in lines}


def test_a_scan_flows_into_it(in_namespace: Run) -> None:
    done = in_namespace(
        """cd $(mktemp -d)
python - <<'PY' &
import pathlib, socket
server = socket.create_server(("127.0.0.1", 2222))
pathlib.Path("ready").touch()
while True:
    server.accept()[0].sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\\r\\n")
PY
until [ -e ready ]; do :; done
doorward scan 127.0.0.1 -p 2000-2300 --json | doorward identify - --json; echo ${PIPESTATUS[*]}"""
    )
    answer, statuses = done.stdout.splitlines()
    assert json.loads(answer)["product"] == "OpenSSH"
    assert statuses == "0 0"
    assert done.stderr == ""


def test_lines_that_are_none_are_named_and_counted(doorward: Run) -> None:
    done = doorward("identify", "-", "--json", text_input="\x1b[31m\n" * 30)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 21
    assert "10 more lines were left out" in done.stderr
    assert "\x1b" not in done.stderr


def test_nothing_to_ask_is_fine(doorward: Run) -> None:
    assert (doorward("identify", "-").returncode, doorward("identify", "-").stdout) == (0, "")


def test_a_closed_standard_input_and_company(in_namespace: Run) -> None:
    done = in_namespace("set +e; doorward identify - <&-; echo $?; doorward identify - 127.0.0.1:9 </dev/null; echo $?")
    assert done.stdout == "3\n2\n"
    assert "standard input" in done.stderr


def test_a_reader_that_leaves_is_said(in_namespace: Run) -> None:
    done = in_namespace(
        "set +e; seq -f '127.0.0.1:%g' 1000 3000 | doorward identify - --json | head -n 1 >/dev/null; echo ${PIPESTATUS[1]}"
    )
    assert done.stdout == "3\n"
    assert "whoever read standard output has closed it" in done.stderr
    assert "Traceback" not in done.stderr
