from __future__ import annotations

import shlex

import pytest

from doorward.audit.fixes import bind_to_loopback, restart, stop
from witnesses import one, socket

WHERE = "tcp/0.0.0.0:6379"


@pytest.mark.parametrize(
    ("facts", "words", "command"),
    [
        (
            {"process": "redis-server", "unit": "redis-server.service"},
            "bind 127.0.0.1 -::1 in /etc/redis/redis.conf",
            "sudo systemctl restart redis-server.service",
        ),
        ({"process": "nginx"}, "listen 127.0.0.1:6379;", ""),
        ({"process": "docker-proxy"}, "-p 127.0.0.1:6379:", ""),
        ({"process": "python3", "command": "python3 -m http.server 6379"}, "Stop it", "python3 -m http.server --bind 127.0.0.1 6379"),
        ({"process": "mine"}, "tell mine to listen on 127.0.0.1", ""),
        ({"process": ""}, "tell the program", ""),
    ],
)
def test_binding_to_loopback(facts: dict[str, str], words: str, command: str) -> None:
    fix = bind_to_loopback(one(socket(WHERE, **facts)))
    assert words in fix.words
    assert fix.command == command


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        ({"unit": "x.service"}, "sudo systemctl disable --now x.service"),
        ({"unit": "x.service", "container": "web"}, "docker stop web"),
        ({}, "kill 812"),
        ({"pid": None}, "sudo doorward audit"),
    ],
)
def test_stopping(facts: dict[str, str | None], command: str) -> None:
    assert stop(one(socket(WHERE, **facts))).command == command


def test_restarting() -> None:
    assert restart(one(socket(WHERE, unit="x.service"))).command == "sudo systemctl restart x.service"
    assert restart(one(socket(WHERE, container="web"))).command == "docker restart web"
    assert restart(one(socket(WHERE))).command == ""


def test_a_hostile_name_stays_one_word_of_the_command() -> None:
    hostile = "x; rm -rf ~ #.service"
    for fix in (
        stop(one(socket(WHERE, unit=hostile))),
        restart(one(socket(WHERE, unit=hostile))),
        stop(one(socket(WHERE, container=hostile))),
    ):
        assert hostile in shlex.split(fix.command)
