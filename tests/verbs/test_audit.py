from __future__ import annotations

import json
import re

from conftest import Run

SERVERS = """
cat > servers.py <<'PY'
import http.server, socket, threading, time
web = http.server.ThreadingHTTPServer(("0.0.0.0", 8000), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=web.serve_forever, daemon=True).start()
ssh = socket.create_server(("127.0.0.1", 2222))
def greet():
    while True:
        caller, _ = ssh.accept()
        caller.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\\r\\n")
        caller.close()
threading.Thread(target=greet, daemon=True).start()
open("ready", "w").close()
time.sleep(60)
PY
cd "$(mktemp -d)" && cp "$OLDPWD/servers.py" . 2>/dev/null || true
python "$OLDPWD/servers.py" >/dev/null 2>&1 &
for _ in $(seq 100); do [ -e ready ] && break; python -c 'import select; select.select([], [], [], 0.05)'; done
"""


def test_an_audit_sees_holds_answers_and_judges(in_namespace: Run) -> None:
    done = in_namespace(f"cd $(mktemp -d)\n{SERVERS}\ndoorward audit --json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    by_port = {verdict["door"]["port"]: verdict for verdict in answer["verdicts"]}
    assert set(by_port) == {8000, 2222}
    web = by_port[8000]
    assert web["kind"] == "real door"
    assert web["attention"] == "needs you"
    assert "development-server" in {finding["name"] for finding in web["findings"]}
    said = {evidence["witness"]: evidence for evidence in web["evidence"]}
    assert said["socket"]["facts"]["process"].startswith("python")
    assert said["probe"]["says"] == "open"
    assert said["identity"]["facts"]["service"] == "http"
    assert said["use"]["says"] == "none now"
    ssh = by_port[2222]
    assert ssh["kind"] == "local door"
    assert ssh["attention"] == "fine"
    asked = {report["witness"]: report["asked"] for report in answer["witnesses"]}
    assert asked == {"socket": True, "firewall": False, "probe": True, "identity": True, "use": True, "advisory": False}
    assert "from outside was not measured" in " ".join(answer["limits"])


def test_the_next_audit_names_what_is_new_and_who_holds_it(in_namespace: Run) -> None:
    done = in_namespace(f"cd $(mktemp -d)\ndoorward audit >/dev/null\n{SERVERS}\ndoorward audit\necho ======\ndoorward changes")
    assert done.returncode == 0, done.stderr
    audit, changes = done.stdout.split("======")
    assert re.search(r"tcp 0\.0\.0\.0:8000.* new", audit)
    assert "0.0.0.0:8000" in changes
    assert "python" in changes
    assert "needs you" in changes.lower()


def test_a_neighbour_tells_what_the_network_reaches(in_own_network: Run) -> None:
    script = f"""
mount -t tmpfs none /run
cd $(mktemp -d)
{SERVERS}
doorward audit --from-neighbour --json
nft add table inet guard
nft 'add chain inet guard input {{ type filter hook input priority 0; policy drop; }}'
nft add rule inet guard input iif lo accept
echo ======
doorward audit --from-neighbour --json
"""
    done = in_own_network(script)
    assert done.returncode == 0, done.stderr
    free, guarded = ({v["door"]["port"]: v for v in json.loads(text)["verdicts"]} for text in done.stdout.split("======"))
    assert (free[8000]["kind"], free[8000]["certainty"]) == ("real door", "measured")
    assert (guarded[8000]["kind"], guarded[8000]["attention"]) == ("shielded door", "fine")
    assert free[2222]["kind"] == guarded[2222]["kind"] == "local door"


def test_without_the_right_to_make_a_neighbour_the_audit_goes_on(in_namespace: Run) -> None:
    drop = "setpriv --bounding-set=-all --inh-caps=-all"
    done = in_namespace(f"python -m http.server 8000 >/dev/null 2>&1 &\n{drop} doorward audit --no-memory --from-neighbour")
    assert done.returncode == 0, done.stderr
    assert "neighbour" in done.stdout
