"""Reading this machine's own names."""

from pathlib import Path

from doorward.ports.live_services import read_services, services_path
from doorward.ports.services import parse_services


def test_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "services"
    file.write_bytes(b"mine 12345/tcp # ours\n\xff\xfe\n")
    assert [line.name for line in read_services(file)] == ["mine"]


def test_a_missing_file_is_an_empty_list(tmp_path: Path) -> None:
    assert read_services(tmp_path / "missing") == ()
    assert read_services(tmp_path) == ()


def test_reads_the_systems_own() -> None:
    path = services_path()
    expected = tuple(parse_services(path.read_bytes())) if path.exists() else ()
    assert read_services() == expected
