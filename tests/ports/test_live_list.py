"""The shipped list, as other rooms use it."""

import pytest

from doorward.ports import live_list
from doorward.ports.live_list import find_name, name_of, names, note_for, port_list
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport


@pytest.mark.parametrize(
    ("transport", "port", "name"),
    [
        (Transport.TCP, 22, "ssh"),
        (Transport.TCP, 443, "https"),
        (Transport.UDP, 53, "dns"),
        (Transport.TCP, 5432, "postgresql"),
        (Transport.TCP, 6010, "x11"),
        (Transport.UDP, 51820, "wireguard"),
        (Transport.TCP, 5907, "dsd"),
        (Transport.TCP, 65535, ""),
    ],
)
def test_labels(transport: Transport, port: int, name: str) -> None:
    assert name_of(transport, port) == name
    assert names(transport)[port] == name


def test_every_port_has_a_label_or_an_empty_text() -> None:
    assert all(len(names(transport)) == 65536 for transport in Transport)


def test_notes_by_door() -> None:
    ssh = note_for(Transport.TCP, 22)
    assert ssh is not None
    assert ssh.name == "ssh"
    assert note_for(Transport.SCTP, 22) is None


@pytest.mark.parametrize(
    ("text", "ports"), [("ssh", "T:22"), ("postgres,redis", "T:5432,6379"), ("U:domain", "U:53"), ("x11", "T:6000-6063")]
)
def test_names_in_port_sets(text: str, ports: str) -> None:
    assert PortSet.parse(text, find_name) == PortSet.parse(ports)


def test_counts() -> None:
    counts = port_list().counts()
    assert counts.numbers > 6000
    assert counts.names > 7000
    assert counts.noted >= 170


def test_a_missing_file_is_said_to_be_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Exception, match="Install Doorward again"):
        live_list._shipped("missing.gz")
