"""A hundred specifications of targets and ports, read by nmap and by us. nmap sends nothing for them: -sL only lists, and without a
target -v only tells which ports it would scan."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from conftest import namespace_refusal
from doorward.errors import DoorwardError
from doorward.ports.live_list import find_name
from doorward.scan.targets import parse_targets
from doorward.values.addresses import Address
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

needs_nmap = pytest.mark.skipif(shutil.which("nmap") is None, reason="nmap, the other reader, is not installed")

TARGETS = [
    "10.0.0.1",
    "10.0.0.1-3",
    "10.0.0.253-",
    "10.0.0.-1",
    "10.0.0.-",
    "10.0.0.*",
    "10.0.0.1,3",
    "10.0.0.3,1",
    "10.0.0.1,1,1-2",
    "10.0.0.1-3,2-5,9",
    "10.0.0.0/30",
    "10.0.0.7/30",
    "10.0.0.5/32",
    "10.0.0.77/28",
    "10.0.0.0/23",
    "10.0-1.0.0/31",
    "10.0.0,4.1/30",
    "10.0.0.1,200/25",
    "10.0.0-1.1-2",
    "10.0-1.2-3.4",
    "1-3.2.3.4",
    "10.0,2.0-1.1-3",
    "10.1-2.3.9",
    "10.0.250-.250-",
    "10.0.5.0-255",
    "172.16.*.1",
    "192.168.3-5,7.1",
    "127.0.0-1.1,3,5-7",
    "0.0.0.0",
    "255.255.255.255",
    "127.0.0.1/29",
    "10.0.0.0-0",
    "10.*.3.4",
    "10.0.-1.-1",
    # and those that neither reads
    "10.0.0.256",
    "10.0.0.3-1",
    "10.0.0.1,,2",
    "10.0.0.1,",
    "10.0.0.1/",
    "10.0.0.0/24/3",
    "10.0.0.1-2-3",
    "10.0.0.1.2",
    "10.0.0..1",
    "10.0.0.0/x",
    "10.0.0.1/-1",
    "10.0.0.1-a",
]
TARGETS_6 = ["::1", "fd00::1", "fd00::/126", "fd00::7/125", "2001:db8::ffff/127", "fd00::/12x", "fd00::g", "1:2:3"]
#: Words for ports, with the transports that nmap is asked for: without a letter a number is of all of these.
PORTS = [
    ("22", "S"),
    ("22,80", "S"),
    ("80,22", "S"),
    ("1-5", "S"),
    ("-5", "S"),
    ("65530-", "S"),
    ("-", "S"),
    ("0", "S"),
    ("0-5", "S"),
    ("0-", "S"),
    ("22,22,22", "S"),
    ("80-80", "S"),
    ("1-3,2-5", "S"),
    ("1-3,4-5", "S"),
    ("1-65535", "S"),
    ("0-65535", "S"),
    ("022", "S"),
    (" 22", "S"),
    ("22 ,80", "S"),
    ("ssh", "S"),
    ("ssh,80", "S"),
    ("ftp,ssh,smtp", "S"),
    ("domain", "S"),
    ("imaps,pop3s", "S"),
    ("mysql,postgresql", "S"),
    ("20-ssh", "S"),
    ("domain", "U"),
    ("ntp,snmp", "U"),
    ("T:22", "SUY"),
    ("T:22,U:53", "SUY"),
    ("U:53", "SUY"),
    ("U:1-3,T:5", "SUY"),
    ("T:1-2,3-4", "SUY"),
    ("T:-5", "SUY"),
    ("U:-", "SUY"),
    ("S:36412", "SUY"),
    ("T:22,S:5,U:7-9", "SUY"),
    ("U:53,T:-", "SUY"),
    ("T:80,T:81,U:82", "SUY"),
    # and those that neither reads
    (",22", "S"),
    ("1,,2", "S"),
    ("70000", "S"),
    ("65536", "S"),
    ("5-3", "S"),
    ("a-b", "S"),
    ("22;23", "S"),
    ("", "S"),
    ("-1-5", "S"),
    ("T:", "S"),
    ("x:22", "S"),
    ("+5", "S"),
    ("0x16", "S"),
    ("1.5", "S"),
    ("telnet-5", "S"),
    ("no-such-service", "S"),
]
#: Read by one of the two alone, on purpose.
DECLINED = {
    "010.0.0.1": "octal to some programs, decimal to others",
    "10.1": "an old short form that surprises",
    "10.0.0.0/33": "nmap takes it for /32 with a warning",
}


#: In a namespace without interfaces: what looks like a name is not asked of any resolver.
ALONE = [] if namespace_refusal() else ["unshare", "-rn"]


def nmap(*words: str) -> str:
    return subprocess.run([*ALONE, "nmap", *words], capture_output=True, text=True, check=False, timeout=60).stdout


def listed_by_nmap(word: str, *options: str) -> list[str]:
    return re.findall(r"^Nmap scan report for (?:\S+ \()?([0-9a-f.:]+)\)?$", nmap(*options, "-sL", "-n", word), re.MULTILINE)


def listed_by_us(word: str) -> list[str]:
    def no_name(_: str) -> list[Address]:
        return []

    try:
        targets = parse_targets([word], no_name)
    except DoorwardError:
        return []
    return [str(targets[place]) for place in range(targets.count)]


@needs_nmap
@pytest.mark.parametrize("word", TARGETS)
def test_targets_are_read_alike(word: str) -> None:
    assert listed_by_us(word) == sorted(listed_by_nmap(word), key=Address.parse)


@needs_nmap
@pytest.mark.parametrize("word", TARGETS_6)
def test_ipv6_targets_are_read_alike(word: str) -> None:
    assert listed_by_us(word) == sorted(listed_by_nmap(word, "-6"), key=Address.parse)


@needs_nmap
@pytest.mark.parametrize("word", DECLINED)
def test_what_nmap_guesses_we_decline(word: str) -> None:
    assert listed_by_nmap(word)
    assert not listed_by_us(word)


@needs_nmap
@pytest.mark.parametrize(("text", "scans"), PORTS)
def test_ports_are_read_alike(text: str, scans: str) -> None:
    told = re.search(r"^# Ports scanned: (.*)$", nmap("-oG", "-", "-v", *(f"-s{scan}" for scan in scans), "-p", text), re.MULTILINE)
    theirs = dict(re.findall(r"(\w+)\(\d+;([^)]*)\)", told[1])) if told else {}
    try:
        ours = PortSet.parse(text, find_name, Transport.UDP if scans == "U" else Transport.TCP)
    except DoorwardError:
        ours = PortSet()
    for transport in (Transport.TCP, Transport.UDP, Transport.SCTP):
        own = PortSet(part for part in ours.ranges if part[0] is transport)
        assert str(own).partition(":")[2] == theirs.get(transport.upper(), "")


def test_there_are_a_hundred() -> None:
    assert len(TARGETS) + len(TARGETS_6) + len(PORTS) >= 100
