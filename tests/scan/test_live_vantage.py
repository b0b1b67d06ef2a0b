from __future__ import annotations

from conftest import Run

LOOK = """
python - <<'PY'
import subprocess
from doorward.scan.live_vantage import neighbour
with neighbour() as vantage:
    inside = subprocess.run(["ip", "-n", vantage.namespace, "-o", "addr"], capture_output=True, text=True).stdout
    print(str(vantage.far_v4) in inside, str(vantage.far_v6) in inside)
PY
"""
LEFT = "ip -o link | grep -c dw || true; ip netns list | grep -c doorward- || true"


def test_a_neighbour_comes_and_goes_without_a_trace(in_own_network: Run) -> None:
    done = in_own_network(f"mount -t tmpfs none /run\n{LOOK}{LEFT}")
    assert done.stdout.split() == ["True", "True", "0", "0"], done.stderr


def test_a_killed_one_is_swept_away_by_the_next(in_own_network: Run) -> None:
    killed = """
python - <<'PY' || true
import os, signal
from doorward.scan.live_vantage import neighbour
with neighbour():
    os.kill(os.getpid(), signal.SIGKILL)
PY
"""
    done = in_own_network(f"mount -t tmpfs none /run\n{killed}\nip netns list | grep -c doorward-\n{LOOK}{LEFT}")
    assert done.stdout.split() == ["1", "True", "True", "0", "0"], done.stderr


def test_without_the_right_it_is_one_error(in_own_network: Run) -> None:
    script = """
setpriv --bounding-set=-all --inh-caps=-all python - <<'PY'
from doorward.errors import WorldError
from doorward.scan.live_vantage import neighbour
try:
    with neighbour():
        print("made")
except WorldError as error:
    print("refused", "neighbour" in str(error))
PY
"""
    assert in_own_network(f"mount -t tmpfs none /run\n{script}").stdout.split() == ["refused", "True"]
