from __future__ import annotations

import pytest

from doorward.values.verdicts import Attention
from witnesses import socket, verdict


@pytest.mark.parametrize(("waiting", "limit", "fires"), [(0, 0, False), (5, 128, False), (128, 128, True), (129, 128, True)])
def test_it_fires_when_the_queue_is_full(waiting: int, limit: int, fires: bool) -> None:
    said = verdict(socket("tcp/127.0.0.1:80", accept_queue=waiting, accept_limit=limit))
    assert ("full-queue" in {f.name for f in said.findings}) is fires
    assert (said.attention is Attention.NEEDS_YOU) is fires


def test_udp_has_no_such_queue() -> None:
    assert "full-queue" not in {f.name for f in verdict(socket("udp/127.0.0.1:53", accept_queue=9, accept_limit=1)).findings}
