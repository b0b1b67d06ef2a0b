from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from conftest import Run
from doorward.rings.helper import Allowance, main, parse_arguments, serve_one
from doorward.rings.helper_messages import Question, Refused, decode_answer, encode_message
from doorward.rings.privileges import CAP_NET_RAW, has_capability

#: The helper in the background, and what waits for it: it is told as a shell function in each script.
START = """
helper() {
  python -m doorward.rings.helper --group root --interface lo --socket /tmp/dw-$$.socket "$@" & helper=$!
  while [ ! -S /tmp/dw-$$.socket ] && kill -0 $helper 2>/dev/null; do :; done
}
trap "rm -f /tmp/dw-$$.socket" EXIT
"""


def asked(client: socket.socket, allowance: Allowance, data: bytes) -> Refused:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with here, there:
        here.send(data)
        serve_one(there, allowance)
        answer = decode_answer(here.recv(8192))
    assert isinstance(answer, Refused)
    return answer


ALLOWED = Allowance(os.getgid(), frozenset({"lo", "dw0"}), 61000, 61999)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (Question(interface="eth9", addresses=["127.0.0.1"], first_port=61000, last_port=61999), "rings on dw0, lo only"),
        (Question(interface="lo", addresses=["127.0.0.1"], first_port=60999, last_port=61999), "ports 61000-61999 only"),
        (Question(interface="lo", addresses=["127.0.0.1"], first_port=61000, last_port=62000), "ports 61000-61999 only"),
        (Question(interface="lo", addresses=["8.8.8.8"], first_port=61000, last_port=61999), "not for this machine"),
        (Question(interface="lo", addresses=["nonsense"], first_port=61000, last_port=61999), "neither IPv4 nor IPv6"),
        (Question(interface="dw0", addresses=["127.0.0.1"], first_port=61000, last_port=61999), "not for this machine"),
    ],
)
def test_what_is_refused(question: Question, why: str) -> None:
    with socket.socket() as unused:
        assert why in asked(unused, ALLOWED, encode_message(question)).why


@pytest.mark.parametrize("data", [b"x", b"{}", b"[" * 8000])
def test_nonsense_is_refused(data: bytes) -> None:
    with socket.socket() as unused:
        assert asked(unused, ALLOWED, data).why


ASKER = """
import os, pathlib, sys
import numpy as np
from doorward.errors import DoorwardError
from doorward.rings.privileges import CAP_NET_RAW, has_capability
from doorward.rings.remote_ring import open_remote_ring
from doorward.values.addresses import Address
if os.getuid() == 0:
    os.setgroups([int(sys.argv[2])])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
try:
    ring = open_remote_ring("lo", [Address.parse("127.0.0.1")], 61000, 61999, path=pathlib.Path(sys.argv[1]))
    print(ring.send(np.zeros((3, 60), np.uint8), np.full(3, 60, np.uint16)), has_capability(CAP_NET_RAW))
except DoorwardError as error:
    print(error)
"""


def asked_by_another(allowance: Allowance, group: int) -> str:
    """What a process without rights gets; as root it becomes nobody first, with ``group`` among its groups."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        Path(folder).chmod(0o755)
        path = Path(folder) / "rings.socket"
        listener.bind(str(path))
        path.chmod(0o777)
        listener.listen(1)
        listener.settimeout(20)
        with subprocess.Popen([sys.executable, "-c", ASKER, str(path), str(group)], stdout=subprocess.PIPE, text=True) as asker:
            client, _ = listener.accept()
            with client:
                serve_one(client, allowance)
            return asker.communicate(timeout=20)[0].strip()


def test_strangers_are_refused() -> None:
    stranger = Allowance(2**31 - 1, frozenset({"lo"}), 61000, 61999)
    assert "only members of the helper's group are served" in asked_by_another(stranger, 4242)


def test_members_without_rights_get_a_ring() -> None:
    member = Allowance(4242 if os.getuid() == 0 else os.getgid(), frozenset({"lo"}), 61000, 61999)
    told = asked_by_another(member, 4242)
    if has_capability(CAP_NET_RAW):
        assert told == "3 False"
    else:
        assert "CAP_NET_RAW" in told


def test_who_hangs_up_or_says_nothing_harms_nobody() -> None:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with there:
        here.close()
        serve_one(there, ALLOWED)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--group", "root"],
        ["--group", "no such group", "--interface", "lo"],
        ["--group", "root", "--interface", "a" * 16],
        ["--group", "root", "--interface", "lo", "--ports", "5"],
        ["--group", "root", "--interface", "lo", "--ports", "7-6"],
        ["--group", "root", "--interface", "lo", "--ports", "0-70000"],
        ["--group", "root", "--interface", "lo", "--user", "no such user"],
        ["--group", "root", "--inter", "lo"],
        ["--group", "root", "--interface", "lo", "more"],
    ],
)
def test_a_wrong_call_is_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        parse_arguments(words)
    assert left.value.code == 2
    assert "usage: python -m doorward.rings.helper" in capsys.readouterr().err


def test_its_arguments() -> None:
    arguments, allowance = parse_arguments(["--group", "root", "--interface", "lo", "--interface", "eth0", "--ports", "62000-62999"])
    assert allowance == Allowance(0, frozenset({"lo", "eth0"}), 62000, 62999)
    assert str(arguments.socket) == "/run/doorward/rings.socket"
    assert main.__doc__


def test_it_holds_one_right_and_serves(in_namespace: Run) -> None:
    done = in_namespace(
        START
        + """
helper
grep -E "^(CapPrm|CapEff|NoNewPrivs)" /proc/$helper/status
for task in /proc/$helper/task/*; do grep CapPrm $task/status; done | sort -u | wc -l
stat -c %a /tmp/dw-$$.socket
python - /tmp/dw-$$.socket <<'END'
import pathlib, sys
import numpy as np
from doorward.rings.remote_ring import open_remote_ring
from doorward.values.addresses import Address
ring = open_remote_ring("lo", [Address.parse("127.0.0.1")], 61000, 61999, path=pathlib.Path(sys.argv[1]))
frame = bytes(12) + bytes.fromhex("0806") + bytes(46)
data = np.tile(np.frombuffer(frame, np.uint8), (3, 1))
print(ring.send(data, np.full(3, 60, np.uint16)), len(ring.receive(1)) > 0)
END
kill $helper; wait $helper; echo status $?
"""
    )
    assert done.stdout.split("\n") == [
        "CapPrm:\t0000000000002000",
        "CapEff:\t0000000000002000",
        "NoNewPrivs:\t1",
        "1",
        "660",
        "3 True",
        "status 0",
        "",
    ], done.stdout + done.stderr


def test_it_takes_the_socket_that_systemd_listens_on(in_namespace: Run) -> None:
    program = """
import os, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(sys.argv[1])
listener.listen()
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.executable, [sys.executable, "-m", "doorward.rings.helper", "--group", "root", "--interface", "lo", "--socket", "/nowhere"])
"""
    done = in_namespace(f"""
trap "rm -f /tmp/dw-$$.socket" EXIT
python -c '{program}' /tmp/dw-$$.socket & helper=$!
while [ ! -S /tmp/dw-$$.socket ] && kill -0 $helper 2>/dev/null; do :; done
python - /tmp/dw-$$.socket <<'END'
import pathlib, sys
from doorward.rings.remote_ring import open_remote_ring
from doorward.values.addresses import Address
print(open_remote_ring("lo", [Address.parse("127.0.0.1")], 61000, 61999, path=pathlib.Path(sys.argv[1])).way)
END
kill $helper
""")
    assert done.stdout == "ring\n", done.stdout + done.stderr


def test_it_says_what_it_lacks(in_namespace: Run) -> None:
    words = "--group root --interface lo --socket /nowhere/at/all"
    done = in_namespace(f"python -m doorward.rings.helper {words} || echo status $?")
    assert "cannot listen on '/nowhere/at/all'" in done.stderr
    assert "Traceback" not in done.stderr
    assert "status 3" in done.stdout
    done = in_namespace(
        f"setpriv --bounding-set -all --inh-caps -all --no-new-privs python -m doorward.rings.helper {words} || echo status $?"
    )
    assert "CAP_NET_RAW" in done.stderr
    assert "Traceback" not in done.stderr
    assert "status 3" in done.stdout
