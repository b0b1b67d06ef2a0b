from __future__ import annotations

import pytest

from witnesses import socket, verdict


@pytest.mark.parametrize("port", [19, 1900, 11211])
def test_a_reachable_reflector_fires(port: int) -> None:
    assert "amplifier" in {f.name for f in verdict(socket(f"udp/0.0.0.0:{port}")).findings}


@pytest.mark.parametrize("where", ["udp/127.0.0.1:19", "tcp/0.0.0.0:19", "udp/0.0.0.0:53", "udp/0.0.0.0:60000"])
def test_others_are_left_alone(where: str) -> None:
    assert "amplifier" not in {f.name for f in verdict(socket(where)).findings}
