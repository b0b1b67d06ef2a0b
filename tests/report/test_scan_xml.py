from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import msgspec
import pytest

from doorward.report.scan_xml import XmlRun, xml_comment, xml_head, xml_host, xml_tail
from doorward.scan.doorstates import Reason
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport
from scan_lines import DOOR, NOON, SUMMARY, door, hostile

DTD = Path("/usr/share/nmap/nmap.dtd")
needs_dtd = pytest.mark.skipif(shutil.which("xmllint") is None or not DTD.exists(), reason="xmllint or nmap's DTD is not installed")
needs_ndiff = pytest.mark.skipif(shutil.which("ndiff") is None, reason="ndiff, a reader of nmap's XML, is not installed")
RUN = XmlRun(command="doorward scan nas.lan -p 1-100,U:53 <&\x1b", began=NOON, ports=PortSet.parse("1-100,U:53,S:7"))


def document(*hosts: str, complete: bool = True) -> str:
    tail = xml_tail(NOON, seconds=1.5, up=1, total=4, summary=SUMMARY if complete else None)
    return xml_head(RUN) + "".join(hosts) + tail


def validate(text: str, folder: Path) -> None:
    file = folder / "scan.xml"
    file.write_text(text)
    done = subprocess.run(["xmllint", "--noout", "--dtdvalid", str(DTD), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_dtd
def test_every_state_and_reason_is_valid(tmp_path: Path) -> None:
    doors = [door(port=port, reason=reason, state=reason.state) for port, reason in enumerate(Reason, start=1)]
    hosts = [xml_host(DOOR.address, doors, dict.fromkeys(Reason, 3)), xml_host(door(address="fe80::1%eth0").address, [])]
    validate(document(*hosts), tmp_path)
    validate(document(complete=False), tmp_path)
    interrupted = msgspec.structs.replace(SUMMARY, interrupted=True)
    validate(xml_head(RUN) + xml_tail(NOON, seconds=0, up=0, total=1, summary=interrupted), tmp_path)


@needs_dtd
def test_hostile_text_stays_text(tmp_path: Path) -> None:
    validate(document(xml_comment(hostile()), xml_host(DOOR.address, [hostile()])), tmp_path)


def test_what_is_listed_is_not_counted_again() -> None:
    text = xml_host(DOOR.address, [DOOR, door(port=80)], {Reason.ACCEPTED: 2, Reason.REFUSED: 97, Reason.NO_ANSWER: 1})
    host = Xml.fromstring(text)
    assert [(one.get("state"), one.get("count")) for one in host.iter("extraports")] == [("closed", "97"), ("filtered", "1")]
    assert [one.get("portid") for one in host.iter("port")] == ["22", "80"]
    assert [one.get("name") for one in host.iter("hostname")] == ["nas.lan"]
    status = host.find("status")
    assert status is not None
    assert (status.get("state"), status.get("reason")) == ("up", "syn-ack")


def test_a_host_that_said_nothing_itself_is_not_up() -> None:
    host = Xml.fromstring(xml_host(DOOR.address, [], {Reason.NO_ANSWER: 5}))
    status = host.find("status")
    assert status is not None
    assert status.get("state") == "unknown"


def test_doors_of_transports_that_the_form_does_not_know_are_left_out() -> None:
    assert "<port " not in xml_host(DOOR.address, [door(transport=Transport.DCCP)])


def test_the_head_names_who_wrote_it_and_what_was_asked() -> None:
    run = Xml.fromstring(document())
    assert run.get("scanner") == "nmap"
    assert str(run.get("version")).startswith("Doorward ")
    asked = [(one.get("protocol"), one.get("numservices"), one.get("services")) for one in run.iter("scaninfo")]
    assert asked == [("tcp", "100", "1-100"), ("udp", "1", "53"), ("sctp", "1", "7")]


@needs_ndiff
def test_ndiff_reads_it_and_finds_the_difference(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(document(xml_host(DOOR.address, [DOOR], {Reason.REFUSED: 99})))
    (tmp_path / "b").write_text(document(xml_host(DOOR.address, [DOOR, door(port=80, service="http")], {Reason.REFUSED: 98})))
    done = subprocess.run(["ndiff", str(tmp_path / "a"), str(tmp_path / "b")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "+80/tcp open  http" in done.stdout
    assert "-Not shown: 99 closed ports" in done.stdout
    assert "nas.lan (10.0.0.1):" in done.stdout


def read_by_libnmap(text: str) -> list[tuple[str, str, list[tuple[int, str]]]]:
    parser = importlib.import_module("libnmap.parser")
    report = parser.NmapParser.parse(text)
    return [(host.address, host.status, host.get_open_ports()) for host in report.hosts]


def read_by_the_standard_library(text: str) -> list[tuple[str, str, list[tuple[int, str]]]]:
    """The same three questions, asked with the paths that nmap's own documents name."""
    found = []
    for host in Xml.fromstring(text).findall("host"):
        ports = [port for port in host.findall("ports/port") if port.find("state[@state='open']") is not None]
        opened = [(int(port.get("portid", "0")), port.get("protocol", "")) for port in ports]
        found.append((host.find("address").get("addr"), host.find("status").get("state"), opened))  # type: ignore[union-attr]
    return found  # type: ignore[return-value]


READERS = [read_by_the_standard_library, *([read_by_libnmap] if importlib.util.find_spec("libnmap") else [])]


@pytest.mark.parametrize("read", READERS)
def test_others_read_the_same_hosts(read: Callable[[str], object]) -> None:
    text = document(xml_host(DOOR.address, [DOOR, door(port=80)], {Reason.REFUSED: 98}))
    assert read(text) == [("10.0.0.1", "up", [(22, "tcp"), (80, "tcp")])]
