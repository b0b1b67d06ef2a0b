"""The real command: taking in fingerprints, and a door identified with them."""

import contextlib
import json
import socket
import threading
from pathlib import Path

from conftest import Run

XML = """<fingerprints protocol="ssh"><fingerprint pattern="^Odd_(\\S+)$"><description>The odd one</description><example>Odd_1</example>
<param pos="0" name="service.vendor" value="Oddities"/><param pos="0" name="service.product" value="Odd"/></fingerprint></fingerprints>"""


def test_take_in_look_and_use(doorward: Run, tmp_path: Path) -> None:
    (tmp_path / "xml").mkdir()
    (tmp_path / "xml" / "ssh_banners.xml").write_text(XML)
    env = {"DOORWARD_FINGERPRINTS": str(tmp_path / "kept")}
    assert "No fingerprints" in doorward("update", "fingerprints", env=env).stdout
    done = doorward("update", "fingerprints", "--from", str(tmp_path), env=env)
    assert done.returncode == 0, done.stderr
    assert "1 of 1 come out as promised" in done.stdout
    assert json.loads(doorward("update", "fingerprints", "--json", env=env).stdout)["fingerprints"] == 1
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    caller, _ = server.accept()
                    with caller:
                        caller.sendall(b"SSH-2.0-Odd_7\r\n")
                        caller.recv(99)

        threading.Thread(target=answer, daemon=True).start()
        told = json.loads(doorward("identify", f"127.0.0.1:{server.getsockname()[1]}", "--json", env=env).stdout)
        server.shutdown(socket.SHUT_RDWR)
    assert told["vendor"] == "Oddities"
    assert told["facts"]["fingerprints"] == ["Recog, ssh_banners #1: The odd one"]


def test_wrong_calls_get_one_clear_line(doorward: Run, tmp_path: Path) -> None:
    for words, why in ((["everything"], "invalid choice"), (["fingerprints", "--from", str(tmp_path)], "no XML file"), ([], "required")):
        done = doorward("update", *words)
        assert done.returncode == 2
        assert why in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_damaged_file_is_said_and_hinders_nothing(doorward: Run, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("not ours at all, not ours at all")
    env = {"DOORWARD_FINGERPRINTS": str(tmp_path / "kept")}
    done = doorward("update", "fingerprints", env=env)
    assert done.returncode == 3
    assert "Install the fingerprints again" in done.stderr
    assert doorward("identify", "127.0.0.1:9", env=env).returncode == 0
