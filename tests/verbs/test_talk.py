"""Which door is meant, and conversations with real servers in a namespace of their own.

The real ones need root and the folder named by DOORWARD_OUTSIDE_TOOLS with ``servers.sh``, which starts servers of the distribution.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from doorward.errors import CallError
from doorward.verbs.talk import find_door

WRONG = [
    ("127.0.0.1:80-90", "Name one"),
    ("udp:127.0.0.1:53", "not TCP"),
    ("192.0.2.1:22", "--i-may-scan-this"),
    ("224.0.0.1:9", "multicast"),
]


@pytest.mark.parametrize(("word", "why"), WRONG)
def test_doors_that_are_not_one(word: str, why: str) -> None:
    with pytest.raises(CallError, match=why):
        find_door(word)


def test_a_name_is_all_its_addresses() -> None:
    assert [str(endpoint.address) for endpoint in find_door("localhost:22")] == ["127.0.0.1", "::1"]
    assert [endpoint.port for endpoint in find_door("192.0.2.1:22", may_scan_public=True)] == [22]


SCRIPT = r"""
ip link set lo up
export MODE=high WAIT=15
bash "$TOOLS/servers.sh" start telnetd exim4 redis nginx nginx-tls dovecot-imap dovecot-pop3 >&2
talk() { name=$1; shift; "$PYTHON" -m doorward talk "$@" > "$OUT/$name" 2>&1 < "${INPUT:-/dev/null}"; }
printf 'HEAD / HTTP/1.0\r\n\r\n' > "$OUT/request"
INPUT="$OUT/request" talk nginx 127.0.0.1:24080
talk exim4 127.0.0.1:24025 --send 'EHLO test' --send QUIT
talk redis 127.0.0.1:24379 --send PING --timeout 1
talk telnetd 127.0.0.1:24123 --send nobody --send wrong --timeout 1.5
talk nginx-tls 127.0.0.1:24443 --tls --send 'HEAD / HTTP/1.0' --send ''
talk imap 127.0.0.1:24143 --starttls imap --send 'a CAPABILITY' --send 'b LOGOUT'
talk pop3 127.0.0.1:24110 --starttls pop3 --send QUIT
bash "$TOOLS/servers.sh" stop >&2
"""

EXPECTED = {
    "nginx": ["waits for us", "→ HEAD / HTTP/1.0", "← HTTP/1.1 200 OK", "hung up"],
    "exim4": ["The far end speaks first", "← 220 ", "→ EHLO test", "← 250 HELP", "← 221 "],
    "redis": ["waits for us", "→ PING", "← +PONG", "Nothing was said for 1 s"],
    "telnetd": ["speaks telnet", "(DO window size → WILL window size)", "We say DUMB", "login: ", "→ ••••", "Password: "],
    "nginx-tls": ["From here on encrypted: TLSv1", "CN=lab.example", "← HTTP/1.1 200 OK"],
    "imap": ["→ d1 STARTTLS", "From here on encrypted", "← a OK"],
    "pop3": ["→ STLS", "From here on encrypted", "← +OK"],
}


@pytest.fixture(scope="module")
def said() -> Iterator[Path]:
    """What each conversation showed, a file by its server's name."""
    tools = os.environ.get("DOORWARD_OUTSIDE_TOOLS", "")
    if not tools:
        pytest.skip("DOORWARD_OUTSIDE_TOOLS is not set: the folder with servers.sh")
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("starting servers that change their user needs root and unshare (util-linux)")
    folder = Path(tempfile.mkdtemp(prefix="doorward-talk-"))
    folder.chmod(0o755)
    try:
        (folder / "lab").mkdir()
        environment = {**os.environ, "LAB": str(folder / "lab"), "TOOLS": tools, "OUT": str(folder), "PYTHON": sys.executable}
        words = ["unshare", "-n", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", SCRIPT]
        subprocess.run(words, env=environment, capture_output=True, check=False, timeout=90)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.xdist_group("talk-with-real-servers")
def test_real_servers(said: Path) -> None:
    for name, lines in EXPECTED.items():
        shown = (said / name).read_text()
        missing = [line for line in lines if line not in shown]
        assert not missing, f"{name}: {missing} not in:\n{shown}"
        assert all(line.isprintable() for line in shown.split("\n"))
    assert "wrong" not in (said / "telnetd").read_text()
