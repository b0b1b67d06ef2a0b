"""Builds the port list that ships: IANA's registry reduced to its facts, and our own notes checked and compiled.

    python tools/build_ports.py [service-names-port-numbers.csv]

Without an argument the registry is read from ``$DOORWARD_OUTSIDE_DATA/iana/``; where neither is given, only the notes are compiled.
IANA's current file is https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.csv; its registries
are in the public domain (CC0 1.0). People's names and addresses in it are left behind.
"""

from __future__ import annotations

import csv
import io
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from doorward.errors import CallError, DoorwardError
from doorward.ports.assignments import Assignment, Standing, encode_assignments, transport_bits
from doorward.ports.notes import Encryption, PortNote, Public, encode_notes
from doorward.values.records import decode_json
from doorward.values.transports import Transport

__all__ = ["build_notes", "build_registry", "main", "parse_note_file", "parse_registry"]

PORTS_ROOM = Path(__file__).parents[1] / "src" / "doorward" / "ports"
CSV_NAME = "service-names-port-numbers.csv"
COLUMNS = ("Service Name", "Port Number", "Transport Protocol", "Description", "Modification Date", "Registration Date", "Reference")

# Rows without a service name tell their standing in the description, in words that varied over forty years.
_STANDINGS = (
    (re.compile(r"any private", re.IGNORECASE), Standing.PRIVATE),
    (re.compile(r"de-?registered|removed|deprecated|de-?comm?iss?ioned", re.IGNORECASE), Standing.REMOVED),
    (re.compile(r"reserved", re.IGNORECASE), Standing.RESERVED),
    (re.compile(r"", re.IGNORECASE), Standing.UNASSIGNED),
)
# References are documents; the column also holds footnotes and, by mistake, people.
_DOCUMENT = re.compile(r"RFC ?\d+.*|RFC-ietf-.*|draft-.*|https?://.*|ISO/.*|ITU-.*|TR-\d+", re.DOTALL)
_RFC = re.compile(r"^RFC(?=\d)")
_ALIAS = re.compile(r'entry is an alias to "([^"]+)"|duplicate of the "([^"]+)" service')
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SUMMARY_LENGTH = 160


def parse_registry(text: str) -> tuple[str, list[Assignment]]:
    """Read IANA's CSV; returns the newest date in it and the rows, merged over transports and ordered by number and name.

    Raises `CallError` for a file that is something else.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        raise CallError("read the registry", why=f"the column {missing[0]!r} is missing; this is not IANA's port list")
    merged: dict[tuple[object, ...], int] = {}
    newest = ""
    for row in reader:
        newest = max([newest, *_DATE.findall(f"{row['Modification Date']} {row['Registration Date']}")])
        key, bits = _facts(row)
        merged[key] = merged.get(key, 0) | bits
    assignments = [msgspec.convert([*key[:2], bits, *key[2:]], Assignment) for key, bits in merged.items()]
    # A name without a number comes last; one number's rows keep the registry's order.
    return newest, sorted(assignments, key=lambda a: (not a.has_number, a.first, a.last) if a.has_number else (True, 0, 0, a.name.lower()))


def _facts(row: dict[str, str]) -> tuple[tuple[object, ...], int]:
    first, last = _numbers(row["Port Number"])
    name = row["Service Name"].strip()
    lines = (row["Description"] or "").strip().split("\n")
    described = " ".join(lines[0].split()) if "IANA assigned this" in row["Description"] else " ".join(" ".join(lines).split())
    standing = Standing.ASSIGNED if name else next(standing for pattern, standing in _STANDINGS if pattern.search(described))
    plain = standing in (Standing.UNASSIGNED, Standing.RESERVED) and "[" not in described
    alias = _ALIAS.search(row.get("Assignment Notes") or "")
    alias_of = next((found for found in alias.groups() if found), "") if alias else ""
    squatted = bool((row.get("Unauthorized Use Reported") or "").strip())
    description = "" if plain else _shortened(described)
    return (first, last, standing, name, description, _references(row["Reference"]), alias_of, squatted), _bits(row["Transport Protocol"])


def _numbers(text: str) -> tuple[int, int]:
    if not text.strip():
        return -1, -1
    first, dash, last = text.strip().partition("-")
    try:
        numbers = int(first), int(last if dash else first)
    except ValueError:
        raise CallError("read the registry's port number", text, why="it is neither a number nor a range") from None
    if not 0 <= numbers[0] <= numbers[1] <= 65535:
        raise CallError("read the registry's port number", text, why="ports run from 0 to 65535")
    return numbers


def _bits(text: str) -> int:
    word = text.strip().lower()
    return transport_bits(Transport(word)) if word in {transport.value for transport in Transport} else 0


def _references(text: str) -> str:
    found = [" ".join(item.split()) for item in re.findall(r"\[([^\]]+)\]", text or "")]
    return ", ".join(_RFC.sub("RFC ", item) for item in found if _DOCUMENT.fullmatch(item) and "@" not in item)


def _shortened(text: str) -> str:
    return text if len(text) <= _SUMMARY_LENGTH else text[: _SUMMARY_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def build_registry(text: str) -> bytes:
    """Return the shipped registry file for the text of IANA's CSV."""
    published, assignments = parse_registry(text)
    return encode_assignments(assignments, published)


def parse_note_file(text: str, subject: str) -> list[PortNote]:
    """Read one file of notes and check every note; raises `CallError` that names the note."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CallError("read the notes", subject, why=str(error)) from None
    notes: list[PortNote] = []
    for entry in table.get("note", []):
        try:
            note = decode_json(msgspec.json.encode({**entry, "subject": subject}), PortNote)
        except CallError as error:
            raise CallError("read the note on", str(entry.get("ports")), why=error.why) from None
        unknown = set(entry) - set(PortNote.__struct_fields__)
        fault = f"unknown field {min(unknown)!r}" if unknown else next(_faults(note), "")
        if fault:
            raise CallError("accept the note on", str(note.ports), why=fault)
        notes.append(note)
    return notes


def _faults(note: PortNote) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9][a-z0-9+._-]{0,15}", note.name):
        yield f"its name {note.name!r} is not a short label in small letters"
    for field in ("purpose", "risk", "instead", "only_with"):
        value = getattr(note, field)
        if value and (value != value.strip() or not value.endswith((".", "!"))):
            yield f"its {field} is no sentence"
    if len(note.title) > 60 or note.title.endswith("."):
        yield "its title is longer than 60 characters or ends in a full stop"
    if not (note.purpose and note.held_by and note.risk):
        yield "purpose, held_by and risk must not be empty"
    if (note.public is Public.CAREFUL) != bool(note.only_with):
        yield "only_with belongs to notes whose public is 'careful', and they need it"
    if not note.instead and (note.public is Public.NO or note.encryption is Encryption.NONE):
        yield "a door without encryption or not for public networks needs a word on what to do instead"
    if any(not what.endswith(".") for what in (*note.confusions, *note.others.values())):
        yield "confusions and others are sentences"


def read_notes(folder: Path) -> list[PortNote]:
    """Read all notes in order of port; raises `CallError` where two of them speak of the same port."""
    notes = [note for path in sorted(folder.glob("*.toml")) for note in parse_note_file(path.read_text(encoding="utf-8"), path.stem)]
    taken: dict[tuple[Transport, int], str] = {}
    for note in notes:
        for door in note.ports:
            if door in taken:
                raise CallError("compile the notes", f"{door[0]} {door[1]}", why=f"both {taken[door]!r} and {note.name!r} claim it")
            taken[door] = note.name
    return sorted(notes, key=_order)


def _order(note: PortNote) -> tuple[int, str]:
    return min(port for _, port in note.ports), str(note.ports)


def build_notes(folder: Path) -> bytes:
    """Return the shipped notes file for a folder of TOML files."""
    return encode_notes(read_notes(folder))


def ports_noted(notes: Iterable[PortNote]) -> set[int]:
    """The port numbers that have a note."""
    return {port for note in notes for _, port in note.ports}


def main(arguments: list[str]) -> int:
    """Write both files; returns the exit status."""
    outside = os.environ.get("DOORWARD_OUTSIDE_DATA", "")
    source = Path(arguments[0]) if arguments else Path(outside) / "iana" / CSV_NAME if outside else None
    try:
        if source is not None:
            packed = build_registry(source.read_text(encoding="utf-8"))
            (PORTS_ROOM / "registry.json.gz").write_bytes(packed)
            print(f"registry.json.gz: {len(packed):,} bytes from {source}")
        else:
            print("registry.json.gz: left as it is; give IANA's CSV as an argument or set DOORWARD_OUTSIDE_DATA")
        notes = read_notes(PORTS_ROOM / "notes")
        packed = encode_notes(notes)
        (PORTS_ROOM / "notes.json.gz").write_bytes(packed)
        print(f"notes.json.gz: {len(packed):,} bytes, {len(notes)} notes on {len(ports_noted(notes))} port numbers")
    except (DoorwardError, OSError) as error:
        print(f"build_ports: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
