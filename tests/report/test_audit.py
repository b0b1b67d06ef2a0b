from __future__ import annotations

import io

import pytest
from rich.console import Console

from doorward.cli._output import Output
from doorward.report.audit import draw_audit
from witnesses import answer, identity, probe, socket, use

HOSTILE = "\x1b[2J\x9b31m\u202e[link=http://evil.example]x[/link]<img src=x onerror=alert(1)>"
EVIDENCE = [
    socket("tcp/0.0.0.0:22", unit="ssh.service"),
    probe("tcp/127.0.0.1:22"),
    identity("tcp/127.0.0.1:22", "ssh", "OpenSSH 9.2p1", encrypted=True),
    use("tcp/0.0.0.0:22", 2, 1),
    socket("tcp/0.0.0.0:6379", process="redis-server", pid=44, unit="redis-server.service"), probe("tcp/127.0.0.1:6379"),
    identity("tcp/127.0.0.1:6379", "redis", "Redis 7.0.15", authentication="none"),
]  # fmt: skip


def drawn(monkeypatch: pytest.MonkeyPatch, *evidence: object, explain: bool = False) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    out = io.StringIO()
    Output(out, io.StringIO()).show(*draw_audit(answer(*evidence), explain=explain))  # type: ignore[arg-type]
    return out.getvalue()


def test_what_needs_you_has_its_why_its_fix_and_its_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(monkeypatch, *EVIDENCE)
    for words in (
        "NEEDS YOU",
        "Redis 7.0.15",
        "asks for no password",
        "$ sudo systemctl restart redis-server.service",
        "why",
        "proof",
        "firewall: not asked",
    ):
        assert words in " ".join(text.split())
    assert text.index("NEEDS YOU") < text.index("FINE")
    assert all(len(line) <= 80 for line in text.splitlines())


def test_fine_doors_are_a_line_each_and_explained_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "takes callers on every address" not in drawn(monkeypatch, *EVIDENCE[:4])
    assert "takes callers on every address" in drawn(monkeypatch, *EVIDENCE[:4], explain=True)


def test_hostile_text_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    where = "tcp/0.0.0.0:23"
    hostile = [
        socket(where, process=HOSTILE, unit=HOSTILE),
        probe(where),
        identity(where, "telnet", HOSTILE, encrypted=False, product=HOSTILE),
    ]
    text = drawn(monkeypatch, *hostile)
    assert all(line.isprintable() for line in text.split("\n"))


def test_no_doors_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no doors" in drawn(monkeypatch)


def test_it_draws_for_a_console_of_any_width() -> None:
    for width in (40, 80, 200):
        console = Console(file=io.StringIO(), width=width)
        for drawing in draw_audit(answer(*EVIDENCE)):
            console.print(drawing)
