import datetime
from pathlib import Path

import pytest

from doorward.errors import CallError
from doorward.values.clocks import ManualClock
from doorward.verbs.update import install_fingerprints, installed_fingerprints

CLOCK = ManualClock(datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC))
XML = """<fingerprints><fingerprint pattern="^x$"><example>x</example><example>y</example></fingerprint>
<fingerprint pattern="("/></fingerprints>"""


def test_install_and_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWARD_FINGERPRINTS", str(tmp_path / "kept"))
    assert not installed_fingerprints().installed
    with pytest.raises(CallError):
        install_fingerprints(tmp_path, CLOCK)
    (tmp_path / "ssh_banners.xml").write_text(XML)
    answer = install_fingerprints(tmp_path, CLOCK)
    assert (answer.fingerprints, answer.examples, len(answer.failed), len(answer.left_out)) == (1, 2, 1, 1)
    assert answer.at == "2026-05-01T00:00:00+00:00"
    looked = installed_fingerprints()
    assert (looked.installed, looked.fingerprints, looked.examples) == (True, 1, 0)
