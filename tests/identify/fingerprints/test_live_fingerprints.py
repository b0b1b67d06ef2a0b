from pathlib import Path

import pytest

from doorward.errors import CallError, WorldError
from doorward.identify.fingerprints.compact import encode_file
from doorward.identify.fingerprints.live_fingerprints import fingerprints_path, keep_fingerprints, open_library, read_folder, read_index

XML = '<fingerprints protocol="ssh"><fingerprint pattern="^x(.)"><param pos="1" name="service.product"/></fingerprint></fingerprints>'


def test_where_they_lie() -> None:
    home = Path("/h")
    assert fingerprints_path({"DOORWARD_FINGERPRINTS": "/f"}, home) == Path("/f")
    assert fingerprints_path({"XDG_DATA_HOME": "/d"}, home) == Path("/d/doorward/fingerprints.bin")
    assert fingerprints_path({}, home) == Path("/h/.local/share/doorward/fingerprints.bin")


def test_from_a_folder_to_a_library(tmp_path: Path) -> None:
    (tmp_path / "xml").mkdir()
    (tmp_path / "xml" / "ssh_banners.xml").write_text(XML)
    (tmp_path / "xml" / "other.xml").write_text("<other/>")
    files = read_folder(tmp_path)
    kept = tmp_path / "new" / "fingerprints.bin"
    keep_fingerprints(kept, encode_file("Recog", "now", [file.field for file in files]))
    library = open_library(kept)
    assert library is not None
    found = library.recognise("ssh_banners", "xY")
    assert found is not None
    assert found.promises == {"service.product": "Y"}
    assert library.recognise("other", "x") is None
    assert [path.name for path in kept.parent.iterdir()] == ["fingerprints.bin"]


def test_folders_without_any(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no XML file"):
        read_folder(tmp_path)
    with pytest.raises(CallError, match="No such file"):
        read_folder(tmp_path / "absent")


def test_damaged_and_absent_files(tmp_path: Path) -> None:
    assert read_index(tmp_path / "absent") is None
    assert open_library(tmp_path / "absent") is None
    broken = tmp_path / "broken"
    broken.write_bytes(b"something else entirely, long enough")
    with pytest.raises(WorldError, match="damaged"):
        read_index(broken)
    assert open_library(broken) is None
    with pytest.raises(WorldError, match="DOORWARD_FINGERPRINTS"):
        keep_fingerprints(broken / "below", b"")


def test_a_field_that_is_damaged_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(XML)
    kept = tmp_path / "kept"
    content = encode_file("Recog", "now", [file.field for file in read_folder(tmp_path)])
    kept.write_bytes(content[:-8] + b"\0" * 8)
    library = open_library(kept)
    assert library is not None
    assert library.recognise("a", "xY") is None
