"""The port list's builder: IANA's CSV to facts, notes to checked records, and the shipped files up to date."""

import os
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from doorward.errors import CallError
from doorward.ports.assignments import Assignment, Standing, decode_assignments
from doorward.ports.notes import decode_notes
from doorward.ports.packing import unpack
from tools import build_ports

HEADER = (
    "Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,Registration Date,Modification Date,Reference,"
    "Service Code,Unauthorized Use Reported,Assignment Notes\r\n"
)
NOTE = """
[[note]]
ports = "T:22"
name = "ssh"
title = "Remote command line"
purpose = "A command line."
held_by = ["sshd"]
encryption = "always"
public = "careful"
only_with = "Only with keys."
login = true
risk = "Guessed passwords."
"""


def parse(*lines: str) -> list[Assignment]:
    return build_ports.parse_registry(HEADER + "\r\n".join(lines))[1]


def test_one_service_on_two_transports_is_one_row() -> None:
    rows = parse("https,443,tcp,over TLS,[A],[B],,2021-10-01,[RFC9110],,,", "https,443,udp,over TLS,[A],[B],,2021-10-01,[RFC9110],,,")
    assert rows == [Assignment(443, 443, 3, Standing.ASSIGNED, "https", "over TLS", "RFC 9110")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (",0,tcp,Reserved,,,,2024-12-20,[RFC6335],,,", Assignment(0, 0, 1, Standing.RESERVED, reference="RFC 6335")),
        (",4,,Unassigned,,,,,,,,", Assignment(4, 4, 0, Standing.UNASSIGNED)),
        (",225-241,,Reserved,,,,,,,,", Assignment(225, 241, 0, Standing.RESERVED)),
        (",24,tcp,any private mail system,[X],,,,,,,", Assignment(24, 24, 1, Standing.PRIVATE, "", "any private mail system")),
        (",585,,De-registered,,,,,,,,", Assignment(585, 585, 0, Standing.REMOVED, "", "De-registered")),
        ("airdrop,,tcp,Airdrop,,,,,,,,", Assignment(-1, -1, 1, Standing.ASSIGNED, "airdrop", "Airdrop")),
        ("x11,6000-6063,tcp,X,,,,,,,Known use,", Assignment(6000, 6063, 1, Standing.ASSIGNED, "x11", "X", squatted=True)),
        (
            'whois++,63,tcp,"whois++",,,,,,,,"This entry is an alias to ""whoispp""."',
            Assignment(63, 63, 1, Standing.ASSIGNED, "whois++", "whois++", "", "whoispp"),
        ),
        (
            'whoispp,63,tcp,"whois++\nIANA assigned this well-formed service name",,,,,,,,',
            Assignment(63, 63, 1, Standing.ASSIGNED, "whoispp", "whois++"),
        ),
    ],
)
def test_each_kind_of_row(line: str, expected: Assignment) -> None:
    assert parse(line) == [expected]


def test_people_stay_behind() -> None:
    (row,) = parse("a,1,tcp,Thing,[Ann_Example],[Ann_Example],,,[RFC1][Ann Example <ann&example.org>],,,[Ann_Example] wrote")
    assert row.reference == "RFC 1"
    assert "Ann" not in repr(row)


def test_newest_date_is_kept() -> None:
    assert build_ports.parse_registry(HEADER + "a,1,tcp,T,,,2001-02-03,2025-01-09,,,,\r\n")[0] == "2025-01-09"


@pytest.mark.parametrize(
    ("text", "why"),
    [("a,b\r\n1,2\r\n", "not IANA's port list"), (HEADER + "a,70000,tcp,,,,,,,,,\r\n", "65535"), (HEADER + "a,x,tcp,,,,,,,,,", "neither")],
)
def test_another_file_is_refused(text: str, why: str) -> None:
    with pytest.raises(CallError, match=why):
        build_ports.parse_registry(text)


def test_same_facts_give_same_bytes() -> None:
    text = HEADER + "a,1,tcp,T,,,,,,,,\r\n"
    assert build_ports.build_registry(text) == build_ports.build_registry(text)
    assert build_ports.build_registry(text)[4:8] == bytes(4)  # gzip's time (RFC 1952 §2.3)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (('public = "careful"', 'public = "perhaps"'), "perhaps"),
        (('only_with = "Only with keys."\n', ""), "only_with"),
        (('"always"', '"none"'), "what to do instead"),
        (('name = "ssh"', 'name = "Secure Shell"'), "short label"),
        (('"Guessed passwords."', '"guessed passwords"'), "sentence"),
        (("login = true\n", ""), "login"),
        (("login = true\n", "login = true\ncolour = 1\n"), "colour"),
        (('"T:22"', '"T:70000"'), "65535"),
        (("[[note]]", "[[note"), "notes"),
    ],
)
def test_a_faulty_note_is_named(change: tuple[str, str], why: str) -> None:
    build_ports.parse_note_file(NOTE, "remote")
    with pytest.raises(CallError, match=why):
        build_ports.parse_note_file(NOTE.replace(*change), "remote")


def test_two_notes_on_one_port_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(NOTE)
    (tmp_path / "b.toml").write_text(NOTE.replace('"ssh"', '"other"'))
    with pytest.raises(CallError, match="both 'ssh' and 'other'"):
        build_ports.read_notes(tmp_path)


def test_shipped_notes_are_up_to_date() -> None:
    shipped = (build_ports.PORTS_ROOM / "notes.json.gz").read_bytes()
    assert decode_notes(shipped) == build_ports.read_notes(build_ports.PORTS_ROOM / "notes"), "run: python tools/build_ports.py"


@pytest.mark.skipif("DOORWARD_OUTSIDE_DATA" not in os.environ, reason="DOORWARD_OUTSIDE_DATA names no folder with IANA's registry")
def test_shipped_registry_is_what_iana_publishes() -> None:
    text = (Path(os.environ["DOORWARD_OUTSIDE_DATA"]) / "iana" / build_ports.CSV_NAME).read_text(encoding="utf-8")
    shipped = (build_ports.PORTS_ROOM / "registry.json.gz").read_bytes()
    assert unpack(shipped) == unpack(build_ports.build_registry(text))
    published, rows = decode_assignments(shipped)
    assert published.startswith("20")
    lines = text.count("\n") - 1
    assert 8000 < len(rows) < lines
    assert not any(re.search(r"\w[@&]\w+\.\w", f"{row.description}{row.reference}") for row in rows)  # nobody's address


def test_main_complains_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    assert build_ports.main([str(tmp_path / "list.csv")]) == 2
    assert capsys.readouterr().err.startswith("build_ports: cannot read the registry")
    assert build_ports.main([str(tmp_path / "missing.csv")]) == 2
