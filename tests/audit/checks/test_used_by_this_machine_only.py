from __future__ import annotations

from doorward.values.verdicts import Attention
from witnesses import identity, probe, socket, use, verdict

NAME = "used-by-this-machine-only"
WHERE = "tcp/0.0.0.0:8125"


def found(connections: int, remote: int, where: str = WHERE) -> bool:
    said = verdict(socket(where), probe(where), use(where, connections, remote))
    return any(f.name == NAME and f.attention is Attention.FINE for f in said.findings)


def test_it_is_advice_when_all_who_use_it_are_on_this_machine() -> None:
    assert found(3, 0)


def test_one_visitor_from_elsewhere_or_none_at_all_is_enough_to_be_silent() -> None:
    assert not found(3, 1)
    assert not found(0, 0)
    assert not found(3, 0, "tcp/127.0.0.1:8125")


def test_a_door_made_for_all_is_left_alone() -> None:
    where = "tcp/0.0.0.0:443"
    said = verdict(socket(where), probe(where), identity(where, "http", tls=True), use(where, 3))
    assert NAME not in {f.name for f in said.findings}
