from __future__ import annotations

import pytest

from doorward.values.verdicts import Attention
from witnesses import identity, probe, socket, verdict

NAME = "development-server"


@pytest.mark.parametrize(
    ("command", "product"),
    [
        ("python3 -m http.server 8000", ""),
        ("/usr/bin/python3", "SimpleHTTP"),
        ("flask", "Werkzeug"),
        ("python manage.py runserver 0:8000", ""),
    ],
)
def test_servers_made_for_the_desk_fire_where_others_reach_them(command: str, product: str) -> None:
    where = "tcp/0.0.0.0:8000"
    said = verdict(socket(where, process="python3", command=command), probe(where), identity(where, "http", product=product))
    assert NAME in {f.name for f in said.findings}
    assert said.attention is Attention.NEEDS_YOU


@pytest.mark.parametrize("where", ["tcp/127.0.0.1:8000", "tcp/[::1]:8000"])
def test_on_loopback_they_are_at_home(where: str) -> None:
    assert NAME not in {f.name for f in verdict(socket(where, command="python3 -m http.server"), probe(where)).findings}


def test_a_word_inside_another_is_no_sign() -> None:
    where = "tcp/0.0.0.0:8000"
    said = verdict(socket(where, command="/usr/sbin/nginx -c /etc/invitese.conf"), probe(where), identity(where, "http", product="nginx"))
    assert NAME not in {f.name for f in said.findings}
