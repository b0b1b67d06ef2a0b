from __future__ import annotations

from witnesses import identity, probe, socket, verdict

NAME = "open-resolver"


def fires(where: str, recursion: bool | None) -> bool:
    said = verdict(socket(where), probe(where), identity(where, "dns", recursion_offered=recursion))
    return NAME in {f.name for f in said.findings}


def test_a_reachable_resolver_fires() -> None:
    assert fires("tcp/0.0.0.0:53", True)
    assert fires("udp/10.0.0.1:53", True)


def test_one_that_refuses_or_is_local_is_left_alone() -> None:
    assert not fires("tcp/0.0.0.0:53", False)
    assert not fires("tcp/0.0.0.0:53", None)
    assert not fires("tcp/127.0.0.53:53", True)
