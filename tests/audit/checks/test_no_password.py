from __future__ import annotations

from doorward.values.evidence import Certainty, Evidence
from doorward.values.verdicts import Attention
from witnesses import identity, probe, socket, verdict


def names(*evidence: Evidence) -> set[str]:
    return {f.name for f in verdict(*evidence).findings}


def test_an_open_store_fires_where_others_reach_it() -> None:
    said = verdict(
        socket("tcp/0.0.0.0:6379", process="redis-server"),
        probe("tcp/127.0.0.1:6379"),
        identity("tcp/127.0.0.1:6379", "redis", authentication="none"),
    )
    assert "no-password" in {f.name for f in said.findings}
    assert said.attention is Attention.NEEDS_YOU


def test_a_login_or_loopback_is_enough() -> None:
    where = "tcp/0.0.0.0:6379"
    assert "no-password" not in names(socket(where), identity(where, "redis", authentication="required"))
    assert "no-password" not in names(socket(where), identity(where, "redis", authentication="unknown"))
    local = "tcp/127.0.0.1:6379"
    assert "no-password" not in names(socket(local), identity(local, "redis", authentication="none"))


def test_a_web_server_is_meant_for_strangers() -> None:
    assert "no-password" not in names(socket("tcp/0.0.0.0:80"), identity("tcp/0.0.0.0:80", "http", authentication="none"))


def test_asked_from_loopback_it_is_only_inferred() -> None:
    for asked_at, certainty in (("tcp/127.0.0.1:6379", Certainty.INFERRED), ("tcp/10.0.0.1:6379", Certainty.MEASURED)):
        said = verdict(socket("tcp/0.0.0.0:6379"), probe(asked_at), identity(asked_at, "redis", authentication="none"))
        assert next(f for f in said.findings if f.name == "no-password").certainty is certainty
