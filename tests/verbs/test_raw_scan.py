from __future__ import annotations

import json
import subprocess
from pathlib import Path

from conftest import Run
from raw_lab import NEIGHBOUR


def run(in_namespace: Run, tmp_path: Path, script: str) -> subprocess.CompletedProcess[str]:
    done = in_namespace(f"cd {tmp_path}\n{NEIGHBOUR}\n{script}")
    assert done.returncode == 0, done.stderr
    return done


def test_the_lines_are_those_of_any_scan_and_the_summary_tells_how_sure_it_is(in_namespace: Run, tmp_path: Path) -> None:
    done = run(in_namespace, tmp_path, "doorward scan 10.99.0.2 -p 1-9000 --json --no-memory")
    *doors, summary = map(json.loads, done.stdout.splitlines())
    assert sorted((door["port"], door["state"], door["reason"]) for door in doors) == [(22, "open", "syn-ack"), (8080, "open", "syn-ack")]
    assert summary["method"] == "syn"
    assert summary["states"] == {"open": 2, "closed": 8998}
    assert (summary["done"], summary["lost_here"]) == (9000, 0)
    assert summary["sent"] >= 9000, "a busy machine may be late with an answer, and be asked twice"
    assert summary["received"] >= 9000
    assert summary["expected_missed"] == 0.0
    assert not summary["interrupted"]


def test_shards_together_are_the_whole(in_namespace: Run, tmp_path: Path) -> None:
    script = "for part in 1 2 3; do doorward scan 10.99.0.2 -p 1-9000 --shard $part/3 --seed 5 --json --no-memory; done"
    lines = [json.loads(line) for line in run(in_namespace, tmp_path, script).stdout.splitlines()]
    assert sorted(line["port"] for line in lines if line["kind"] == "door") == [22, 8080]
    assert sum(line["done"] for line in lines if line["kind"] == "summary") == 9000


def test_all_lists_the_others_with_who_said_so(in_namespace: Run, tmp_path: Path) -> None:
    script = """
nsenter -t $there -n nft -f - <<'NFT'
table ip filter { chain in { type filter hook input priority 0
 tcp dport 23 reject with icmp type admin-prohibited
 tcp dport 24 drop
}
}
NFT
"""
    done = run(in_namespace, tmp_path, f"{script}doorward scan 10.99.0.2 -p 22-25 --json --all --no-memory")
    doors = {line["port"]: line for line in map(json.loads, done.stdout.splitlines()) if line["kind"] == "door"}
    assert {port: door["reason"] for port, door in doors.items()} == {22: "syn-ack", 23: "prohibited", 24: "no-answer", 25: "refused"}
    assert doors[24]["knocks"] >= 2


def test_a_scan_that_was_killed_goes_on_and_loses_no_found_door(in_namespace: Run, tmp_path: Path) -> None:
    script = """
doorward scan 10.99.0.2 -p 1-9000 --rate 1000 --resume state --json --no-memory --seed 5 > first & scan=$!
until grep -q '"settled":[1-9]' state 2>/dev/null; do sleep 0.05; done
kill -KILL $scan; wait $scan || true
doorward scan 10.99.0.2 -p 1-9000 --resume state --json --no-memory
[ ! -e state ]
"""
    lines = [json.loads(line) for line in run(in_namespace, tmp_path, script).stdout.splitlines()]
    assert sorted(line["port"] for line in lines if line["kind"] == "door") == [22, 8080]
    assert lines[-1]["done"] == 9000
    assert lines[-1]["states"] == {"open": 2, "closed": 8998}


def test_an_interrupted_scan_prints_what_it_knows(in_namespace: Run, tmp_path: Path) -> None:
    script = """
env --default-signal=INT doorward scan 10.99.0.2 -p 1-9000 --rate 500 --resume state --json --no-memory > lines & scan=$!
until grep -q '"settled":[1-9]' state 2>/dev/null; do sleep 0.05; done
kill -INT $scan; wait $scan || echo status $? >> lines
cat lines
"""
    done = run(in_namespace, tmp_path, script)
    *lines, summary, status = done.stdout.splitlines()
    assert status == "status 130"
    assert json.loads(summary)["interrupted"]
    assert json.loads(summary)["done"] > 100
    assert len(lines) <= 2


def test_words_for_a_person(in_namespace: Run, tmp_path: Path) -> None:
    done = run(in_namespace, tmp_path, "doorward scan 10.99.0.2 -p 20-30 --no-memory")
    assert "offers a connection" in done.stdout
    assert "How sure: every door answered for itself." in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 90
