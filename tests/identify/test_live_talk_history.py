from pathlib import Path

from doorward.identify.live_talk_history import history_path, keep_history, read_history


def test_where_it_lies(tmp_path: Path) -> None:
    assert history_path({"XDG_STATE_HOME": "/s"}, tmp_path) == Path("/s/doorward/talk_history")
    assert history_path({"XDG_STATE_HOME": "relative"}, tmp_path) == tmp_path / ".local/state/doorward/talk_history"


def test_kept_for_the_owner_alone_and_without_secrets(tmp_path: Path) -> None:
    path = tmp_path / "new" / "talk_history"
    keep_history(path, ["EHLO x", "PASS geheim", "", "bad\x1b[2J", *(f"line {n}" for n in range(1200))])
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    lines = read_history(path)
    assert len(lines) == 1000
    assert "geheim" not in path.read_text()
    keep_history(path, ["EHLO x"])
    assert read_history(path) == ["EHLO x"]


def test_what_cannot_be_read_or_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    assert read_history(tmp_path / "absent") == []
    (tmp_path / "file").write_text("")
    keep_history(tmp_path / "file" / "below", ["x"])
    (tmp_path / "odd").write_bytes(b"good\n\xff\x1b[2J\n")
    assert read_history(tmp_path / "odd") == ["good"]
