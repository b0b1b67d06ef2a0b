"""The command, as a person or a program calls it."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from doorward.cli import main
from doorward.verbs.schema import schema


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["443"], "Web pages, encrypted"),
        (["ssh"], "Remote command line"),
        (["6000-6063"], "Port 6000-6063"),
        (["mail"], "submission"),
        (["remote", "desktop"], "rdp"),
        (["T:22,U:53"], "dns"),
        (["-5"], "tcpmux"),
        ([], "numbers explained"),
    ],
)
def test_answers(words: list[str], expected: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["ports", *words]) == 0
    out, err = capsys.readouterr()
    assert expected.rsplit(maxsplit=1)[-1] in out
    assert err == ""


def test_very_many_are_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ports", "1-65535"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 5000


@pytest.mark.parametrize(
    "words",
    [
        ["70000"],
        ["22-11"],
        ["postgers"],
        ["T:nonsense"],
        ["--export", "sqlite"],
        ["443", "--output", "x"],
        ["--export", "xml"],
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ports", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("doorward: ")


@pytest.mark.parametrize("words", [["443"], ["mail"], [], ["1-1024"]])
def test_json_is_what_the_schema_says(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ports", *words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "doorward/ports/1"
    jsonschema.validate(document, schema("ports"))


def test_csv_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ports", "--export", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) > 9000
    assert any(row["name"] == "https" and row["first"] == "443" for row in rows)


def test_exports_to_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ports", "22", "--export", "json", "--output", str(tmp_path / "a.json")]) == 0
    assert json.loads((tmp_path / "a.json").read_text())["rows"][0]["name"] == "ssh"
    assert main(["ports", "--export", "sqlite", "--output", str(tmp_path / "a.db")]) == 0
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        assert database.execute("SELECT count(*) FROM ports").fetchone()[0] > 9000
    assert main(["ports", "--export", "sqlite", "--output", str(tmp_path / "a.db")]) == 2
    assert main(["ports", "--export", "csv", "--output", str(tmp_path / "no" / "a.csv")]) == 3
    assert capsys.readouterr().out == ""
