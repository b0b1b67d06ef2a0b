from __future__ import annotations

import json

from conftest import Run


def test_hosts_are_listed_and_counted(in_namespace: Run) -> None:
    done = in_namespace("doorward scan 127.0.0.1 --discover --json")
    host, summary = map(json.loads, done.stdout.splitlines())
    assert (host["kind"], host["address"], host["way"]) == ("host", "127.0.0.1", "echo")
    assert (summary["kind"], summary["found"], summary["interrupted"]) == ("hosts", 1, False)
    words = in_namespace("doorward scan 127.0.0.1 --discover").stdout
    assert "127.0.0.1                   answered a ping" in words
