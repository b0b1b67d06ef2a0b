"""Lists that are served as systat, and text that isn't one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import systat
from doorward.identify.probing import Context
from doorward.values.evidence import Certainty

ITS_PORT = Context(port=11, closed=True)
# ps -ef behind xinetd 2.3.15 (Debian 12); the heads of ps aux, who -H and w (procps 4.0.2, coreutils 9.1); netstat (net-tools 2.10).
LISTS = [
    b"UID        PID  PPID  C STIME TTY          TIME CMD\nroot         1     0  0 17:21 ?        00:00:05 /sbin/init\n",
    b"USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n",
    b"    PID TTY          TIME CMD\n      1 ?        00:00:05 init\n",
    b"USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n",
    b"Active Internet connections (w/o servers)\n",
]


@pytest.mark.parametrize("received", LISTS)
def test_a_list_on_its_port_is_a_guess(received: bytes) -> None:
    found = systat.read(received, ITS_PORT)
    assert found is not None
    assert found.certainty is Certainty.INFERRED
    assert systat.read(received, Context(port=2011, closed=True)) is None


@pytest.mark.parametrize("other", [b"", b"220 USER first\r\n", b"USER\r\n", b"Welcome to the PID TTY club\r\n", b"PIDGIN"])
def test_leaves_others_alone(other: bytes) -> None:
    assert systat.read(other, ITS_PORT) is None


@given(st.sampled_from(LISTS), st.integers(0, 60), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(answer: bytes, cut: int, tail: bytes) -> None:
    found = systat.read(answer[:cut] + tail, ITS_PORT)
    assert found is None or found.service == "systat"
