from __future__ import annotations

from conftest import Run
from doorward.scan.trail.live_reverse_names import reverse_names
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock

LOOPBACK = Address.parse("127.0.0.1")


def test_nobody_asked_nobody_told() -> None:
    assert reverse_names([], clock=SystemClock()) == {}


def test_no_time_no_names() -> None:
    assert reverse_names([LOOPBACK] * 3, clock=SystemClock(), most_s=0.0).keys() <= {LOOPBACK}


def test_names_from_this_machines_own_list_made_harmless(in_namespace: Run) -> None:
    script = r"""
cd $(mktemp -d)
printf '127.0.0.1 here.lan\n10.0.0.1 gate.lan\nfd00::1 six.lan\n' > hosts
mount --bind hosts /etc/hosts
python - <<'PY'
from doorward.scan.trail.live_reverse_names import reverse_names
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock
asked = [Address.parse(text) for text in ("10.0.0.1", "fd00::1", "10.0.0.2")]
print(sorted((str(key), name) for key, name in reverse_names(asked, clock=SystemClock()).items()))
PY
"""
    done = in_namespace(script)
    assert done.stdout.strip() == "[('10.0.0.1', 'gate.lan'), ('fd00::1', 'six.lan')]", done.stderr
