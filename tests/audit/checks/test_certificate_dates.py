from __future__ import annotations

import datetime

import pytest

from doorward.values.verdicts import Attention
from witnesses import NOW, identity, probe, socket, verdict

NAME = "certificate-dates"


def finding(end: str, where: str = "tcp/0.0.0.0:443") -> Attention | None:
    said = verdict(socket(where), probe(where), identity(where, "http", tls=True, certificate_not_after=end, certificate_subject="CN=x"))
    return next((f.attention for f in said.findings if f.name == NAME), None)


@pytest.mark.parametrize(("days", "fires"), [(-300, True), (-1, True), (13, True), (15, False), (400, False)])
def test_it_fires_two_weeks_before_the_end(days: int, fires: bool) -> None:
    end = (NOW + datetime.timedelta(days=days)).isoformat()
    assert finding(end) is (Attention.NEEDS_YOU if fires else None)


def test_on_loopback_it_is_advice() -> None:
    assert finding("2020-01-01T00:00:00+00:00", "tcp/127.0.0.1:443") is Attention.FINE


def test_a_date_without_a_zone_is_utc_and_nonsense_is_no_date() -> None:
    assert finding("2020-01-01T00:00:00") is Attention.NEEDS_YOU
    assert finding("soon") is None
    assert finding("") is None
