"""The ranking's builder: each kind of list is read, and the order is as said."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tools import build_ranking

FILES = {
    "netbase/etc/services": "ssh\t\t22/tcp\t# x\nntp 123/udp\n# 99/tcp\n",
    "ufw/etc/ufw/applications.d/a": "[A]\ntitle=A\nports=80,443/tcp|53/udp\n[B]\nports=5000:5010\n",
    "firewalld/usr/lib/firewalld/services/ssh.xml": (
        '<service><port protocol="tcp" port="22"/><port protocol="udp" port="60000-61000"/></service>'
    ),
    "shorewall/usr/share/shorewall/macro.SSH": "#ACTION\nPARAM\t-\t-\ttcp\t22,2222\nPARAM - - tcp,udp 53\n",
    "firehol-common/usr/lib/firehol/services.common": 'server_ssh_ports="tcp/22"\nserver_x_ports="udp/5,6 any/any"\n',
    "firehol/usr/lib/firehol/services.firehol": 'server_y_ports="tcp/81:90"\n',
    "fwbuilder-common/usr/share/fwbuilder-5/objects_init.xml": (
        '<R xmlns="x"><TCPService dst_range_start="22" dst_range_end="22"/><UDPService dst_range_start="0" dst_range_end="0"/></R>'
    ),
}


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_every_kind_of_list_is_read(unpacked: Path) -> None:
    assert set(build_ranking.read_netbase(unpacked)) == {("tcp", 22), ("udp", 123)}
    profiles = build_ranking.read_profiles("ufw/etc/ufw/applications.d")
    assert set(profiles(unpacked)) == {("tcp", 80), ("tcp", 443), ("udp", 53), ("tcp", 5000), ("udp", 5000)}
    assert set(build_ranking.read_firewalld(unpacked)) == {("tcp", 22), ("udp", 60000)}
    assert set(build_ranking.read_shorewall(unpacked)) == {("tcp", 22), ("tcp", 2222), ("tcp", 53), ("udp", 53)}
    assert set(build_ranking.read_firehol(unpacked)) == {("tcp", 22), ("udp", 5), ("udp", 6), ("tcp", 81)}
    assert set(build_ranking.read_fwbuilder(unpacked)) == {("tcp", 22)}


def test_votes_come_first_then_holders_then_the_number(unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """22 stands in two lists and a note; 9 and 80 in one list each; 7 in a note alone, which counts twice."""
    notes = tmp_path / "root" / "notes"
    notes.mkdir(parents=True)
    (notes / "a.toml").write_text('[[note]]\nports = "T:22"\nheld_by = ["a", "b"]\n[[note]]\nports = "T:7"\nheld_by = []\n')
    monkeypatch.setattr(build_ranking, "_ROOT", tmp_path / "root")
    monkeypatch.setattr(build_ranking, "version_of", lambda _unpacked, _package: "1.0")
    filler = [("udp", port) for port in range(100, 130)]
    monkeypatch.setattr(
        build_ranking,
        "READERS",
        {"a": ("a list", lambda _: [("tcp", 22), ("tcp", 80), *filler]), "b": ("b", lambda _: [("tcp", 22), ("tcp", 9), *filler])},
    )
    build_ranking.main(unpacked)
    ranking = json.loads((tmp_path / "root" / "ranking.json").read_text())
    assert ranking["tcp"] == [[22, 4], [7, 2], [9, 1], [80, 1]]
    assert [source["package"] for source in ranking["sources"]] == ["a", "b"]


def test_a_list_that_was_not_found_stops_the_build(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_ranking, "READERS", {"netbase": ("x", build_ranking.read_netbase)})
    with pytest.raises(SystemExit, match="only 2 ports"):
        build_ranking.main(unpacked)


def test_the_shipped_notes_are_counted() -> None:
    holders = build_ranking.our_holders()
    assert holders["tcp", 22] > 1
    assert len(holders) > 300


def test_the_tool_says_how_it_is_called() -> None:
    done = subprocess.run([sys.executable, build_ranking.__file__], capture_output=True, text=True, check=False)
    assert done.returncode != 0
