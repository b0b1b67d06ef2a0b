from __future__ import annotations

import resource
import subprocess
import sys

from doorward.scan.live_descriptors import batch_limit, client_ports, raise_descriptor_limit

_ASK = """
import resource
from doorward.scan.live_descriptors import batch_limit, raise_descriptor_limit
first = batch_limit()
raise_descriptor_limit()
print(first, batch_limit(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def ask(soft: int, hard: int) -> list[int]:
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)),
    )
    return [int(word) for word in done.stdout.split()]


def test_the_batch_follows_the_limit() -> None:
    few, more, soft = ask(256, 1024)
    assert 150 < few < 256
    assert 900 < more < 1024
    assert soft == 1024


def test_a_limit_that_is_already_used_up_still_lets_one_through() -> None:
    assert ask(16, 16)[:2] == [1, 1]


def test_the_batch_leaves_client_ports_to_others() -> None:
    first, last = client_ports()
    assert 1 <= batch_limit() <= (last - first + 1) // 2


def test_raising_never_lowers() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        raise_descriptor_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= before[0]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
