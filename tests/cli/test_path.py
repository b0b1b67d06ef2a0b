from __future__ import annotations

import json
import shutil

import jsonschema
import pytest

from conftest import Run
from listeners import listening
from routers import ROUTERS, needs_nftables


def test_json_is_as_the_schema_says(doorward: Run) -> None:
    schema = json.loads(doorward("schema", "path").stdout)
    with listening(1) as (port,):
        done = doorward("path", f"127.0.0.1:{port}", "--json")
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, schema)
    assert (answer["schema"], answer["state"]) == ("doorward/path/1", "open")
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (["127.0.0.1"], 2, "it has no port"),
        (["127.0.0.1:70000"], 2, "a port is at most 65535"),
        (["\x1b[31m:5"], 2, r"\x1b[31m"),
        (["8.8.8.8:53"], 2, "--i-may-scan-this"),
        (["127.0.0.1:5", "--max-hops", "99"], 2, "1 to 30"),
        (["127.0.0.1:5", "--knocks", "many"], 2, "--knocks"),
        (["127.0.0.1:5", "--transport", "dccp"], 2, "--transport"),
        (["127.0.0.1:5", "-4", "-6"], 2, "not allowed with"),
        ([], 2, "HOST:PORT"),
        (["[fe80::1%nowhere0]:5"], 3, "nowhere0"),
    ],
)
def test_bad_calls_are_one_clear_line(doorward: Run, words: list[str], status: int, why: str) -> None:
    done = doorward("path", *words)
    assert done.returncode == status
    assert done.stdout == ""
    assert why in done.stderr
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr


def test_the_help_fits(doorward: Run) -> None:
    assert max(map(len, doorward("path", "--help").stdout.splitlines())) <= 80


def test_a_plain_user_is_told_who_drops_knocks(in_own_network: Run) -> None:
    """Real root builds the routers; the one who asks has no right at all."""
    needs_nftables()
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv (util-linux) is not installed")
    # The interpreter may lie in a folder that only its owner may enter.
    user = "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search"
    script = f"""
printf '10.0.4.9 nas.lan\\n10.0.1.1 gate.lan\\n' > $(dirname $DOORWARD_DATABASE)/hosts
mount --bind $(dirname $DOORWARD_DATABASE)/hosts /etc/hosts
rule r2 forward tcp dport 8001 drop
cd /; {user} doorward path nas.lan:8001 --names
"""
    done = in_own_network(f"mount --make-rprivate /\n{ROUTERS}{script}")
    assert done.returncode == 0, done.stderr
    assert "Path to tcp 10.0.4.9:8001 (nas.lan)" in done.stdout
    assert "10.0.1.1 gate.lan" in done.stdout
    assert "Knocks at this door vanish after 10.0.2.2;" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_interrupted_keeps_what_was_seen(in_namespace: Run) -> None:
    needs_nftables()
    script = """
rule host input drop
at r3 nft 'add table ip k; add counter ip k seen; add chain ip k c { type filter hook forward priority 0; }'
at r3 nft add rule ip k c counter name seen
python - <<'PY'
import re, signal, subprocess
path = subprocess.Popen(["doorward", "path", "10.0.4.9:80", "--json"], stdout=subprocess.PIPE, text=True)
# The trail is in the silence behind the last router when that has passed a second packet on.
look = ["ip", "netns", "exec", "r3", "nft", "list", "counters"]
while int(re.search(r"packets (\\d+)", subprocess.run(look, capture_output=True, text=True).stdout)[1]) < 2:
    pass
path.send_signal(signal.SIGINT)
print(path.stdout.read(), end="")
raise SystemExit(path.wait())
PY
"""
    done = in_namespace(ROUTERS + script)
    assert done.returncode == 130, done.stderr
    answer = json.loads(done.stdout)
    assert answer["interrupted"] is True
    assert (answer["ending"], answer["state"]) == ("unfinished", "unknown")
    assert answer["stops_after"] == "10.0.3.2"
    assert done.stderr == "doorward: interrupted; what was seen until now is above\n"
