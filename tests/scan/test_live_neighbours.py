from __future__ import annotations

from conftest import Run
from doorward.scan.live_neighbours import AbsenceMemory, read_neighbours
from doorward.values.addresses import Address

_SCRIPT = """
ip link add a0 type veth peer name b0; ip addr add 10.9.0.1/24 dev a0; ip link set a0 up; ip link set b0 up
ip neigh add 10.9.0.9 lladdr 02:00:00:00:00:99 dev a0 nud permanent
ip neigh add 10.9.0.8 dev a0 nud failed; ip neigh add fe80::8 dev a0 nud failed
python - <<'PY'
from doorward.scan.live_neighbours import AbsenceMemory
from doorward.values.addresses import Address
memory = AbsenceMemory()
for text in ("10.9.0.8", "fe80::8%a0", "fe80::8%b0", "10.9.0.9", "10.9.0.7", "127.0.0.1", "fe80::8%nowhere0"):
    print(text, memory.has(Address.parse(text), 0))
PY
"""


def test_the_kernels_table_tells_the_absent_from_the_silent(in_namespace: Run) -> None:
    done = in_namespace(_SCRIPT)
    assert done.returncode == 0, done.stderr
    absent = {line.split()[0] for line in done.stdout.splitlines() if line.endswith("True")}
    assert absent == {"10.9.0.8", "fe80::8%a0"}


def test_the_table_can_be_read_without_a_right() -> None:
    assert isinstance(read_neighbours(), list)
    assert not AbsenceMemory().has(Address.parse("127.0.0.1"), 0)
