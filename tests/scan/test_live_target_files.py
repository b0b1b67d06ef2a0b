from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from doorward.errors import CallError, WorldError
from doorward.scan.live_target_files import read_targets


def test_a_file_of_bytes_that_are_no_text_is_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "hosts"
    file.write_bytes(b"10.0.0.1\n\xff\xfe\x00 x\n")
    words = read_targets(str(file))
    assert [word.text for word in words] == ["10.0.0.1", "\udcff\udcfe\x00", "x"]
    assert words[2].place == f"{file}:2:5"


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_what_can_not_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorldError, match="cannot read the targets in"):
        read_targets(str(tmp_path / name))


def test_an_impossible_name() -> None:
    with pytest.raises(CallError, match="null"):
        read_targets("a\0b")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"10.0.0.1 10.0.0.2")))
    assert [(word.text, word.place) for word in read_targets("-")] == [
        ("10.0.0.1", "standard input:1:1"),
        ("10.0.0.2", "standard input:1:10"),
    ]


def test_a_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(WorldError, match="it is closed"):
        read_targets("-")
