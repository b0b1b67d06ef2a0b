from __future__ import annotations

from pathlib import Path

import pytest

from doorward.errors import CallError, DoorwardError, WorldError
from doorward.scan.local_networks import InterfaceNetwork
from doorward.scan.targets import TargetSet
from doorward.values.addresses import Address
from doorward.values.transports import Transport
from doorward.verbs.scan_request import ScanRequest, read_ports, read_request_targets, read_speed

BOOK = {"nas.lan": [Address.parse("192.168.1.9")]}
INTERFACES = [InterfaceNetwork("eth0", Address.parse("192.168.7.5"), 29)]


def read(unresolved: list[str] | None = None, **words: object) -> TargetSet:
    request = ScanRequest(**words)  # type: ignore[arg-type]  # the tables are loosely typed on purpose
    return read_request_targets(
        request,
        resolve=lambda name: BOOK.get(name, []),
        is_own=lambda _: False,
        interfaces=lambda: INTERFACES,
        unresolved=unresolved if unresolved is not None else [],
    )


@pytest.fixture
def hosts(tmp_path: Path) -> str:
    file = tmp_path / "hosts.txt"
    file.write_text("10.0.0.0/30  # four\nnas.lan dead.lan\n")
    return str(file)


def test_words_files_and_local_networks_add_up_and_files_take_away(hosts: str, tmp_path: Path) -> None:
    spared = tmp_path / "spared"
    spared.write_text("10.0.0.1\n192.168.7.0-3")
    unresolved: list[str] = []
    found = read(unresolved, targets=("10.1.0.1",), target_files=(hosts,), local=True, exclude=("10.0.0.2",), exclude_files=(str(spared),))
    assert str(found) == "10.0.0.0, 10.0.0.3, 10.1.0.1, 192.168.1.9, 192.168.7.4-192.168.7.7"
    assert unresolved == [f"dead.lan: {hosts}:2:9: the name has none"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({}, "no target was given"),
        ({"target_files": ("-", "-")}, "one list only"),
        ({"target_files": ("/no/such/file",)}, "No such file"),
        ({"targets": ("8.8.8.8",)}, "neither private"),
        ({"targets": ("fe80::1%nowhere0",)}, "nowhere0"),
    ],
)
def test_bad_targets(words: dict[str, object], why: str) -> None:
    with pytest.raises(DoorwardError, match=why):
        read(None, **words)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# nobody yet\n")
    with pytest.raises(CallError, match=r"no target was given in .*empty"):
        read(target_files=(str(tmp_path / "empty"),))


def test_a_file_of_dead_names_alone_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "dead").write_text("a.lan b.lan")
    with pytest.raises(WorldError, match="none of the names"):
        read(target_files=(str(tmp_path / "dead"),))


def test_the_place_of_a_mistake_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("10.0.0.1\n  10.0.0.300\n")
    with pytest.raises(CallError, match=r"bad:2:3: "):
        read(target_files=(str(tmp_path / "bad"),))


def test_top_ports() -> None:
    ports = read_ports(ScanRequest(top_ports=20))
    assert len(ports) == 20
    assert (Transport.TCP, 443) in ports
    assert (Transport.UDP, 53) in read_ports(ScanRequest(top_ports=5), Transport.UDP)
    with pytest.raises(CallError, match="both -p and --top-ports"):
        read_ports(ScanRequest(ports="22", top_ports=3))
    with pytest.raises(CallError, match="are ranked"):
        read_ports(ScanRequest(top_ports=70000))


def test_speed_is_the_callers_or_ours() -> None:
    loopback, others = read(targets=("127.0.0.1",)), read(targets=("10.0.0.1",))
    assert read_speed(ScanRequest(), loopback).rate is None
    assert read_speed(ScanRequest(), others).rate == 20_000
    assert read_speed(ScanRequest(rate=0, knocks=2), others).rate is None
    with pytest.raises(CallError, match="1 to 10 times"):
        read_speed(ScanRequest(knocks=11), others)
