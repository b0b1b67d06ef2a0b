"""Reads the XML of Recog's fingerprint files (BSD licence; https://github.com/rapid7/recog) into fingerprints; touches no file.

The files are somebody else's: document types and entities are refused (what an XML parser can be made to fetch or multiply), sizes are
bounded, and a pattern that isn't regular is left out with its reason.
"""

from __future__ import annotations

import xml.parsers.expat  # the plain parser, with everything dangerous refused below
from typing import Final

import msgspec

from doorward.errors import CallError, DoorwardError
from doorward.identify.fingerprints.fingerprint import Field, Fingerprint
from doorward.identify.fingerprints.pattern import parse_pattern, required_texts
from doorward.values.printable import printable

__all__ = ["MOST_BYTES", "Example", "LeftOut", "RecogFile", "read_recog"]

#: Bytes of one file; Recog's largest has 0.7 MB.
MOST_BYTES: Final = 20_000_000
_MOST_FINGERPRINTS: Final = 20_000
_MOST_PROMISES: Final = 100
_MOST_GROUPS: Final = 100


class Example(msgspec.Struct, frozen=True):
    """A text that the file's authors say is matched, and what must come out."""

    number: int  #: of its fingerprint
    text: str
    encoding: str  #: "base64", or empty
    promises: dict[str, str]


class LeftOut(msgspec.Struct, frozen=True):
    """A fingerprint that can't be used, and why."""

    field: str
    number: int
    why: str


class RecogFile(msgspec.Struct, frozen=True):
    """What one file holds."""

    field: Field
    examples: list[Example]
    left_out: list[LeftOut]


def read_recog(name: str, document: bytes) -> RecogFile | None:
    """Read one file; `None` for XML that holds no fingerprints. Raises `CallError` for what is no XML, too large, or dangerous."""
    if len(document) > MOST_BYTES:
        raise CallError("read the fingerprints", name, why=f"the file has more than {MOST_BYTES:,} bytes")
    reader = _Reader(name)
    try:
        reader.parse(document)
    except xml.parsers.expat.ExpatError as error:
        raise CallError("read the fingerprints", name, why=f"it is not well-formed XML: {error}") from None
    return reader.result() if reader.is_recog else None


class _Reader:
    """Takes the parser's events."""

    def __init__(self, name: str) -> None:
        self.is_recog = False
        self._name = name
        self._protocol = ""
        self._path: list[str] = []
        self._fingerprints: list[Fingerprint] = []
        self._examples: list[Example] = []
        self._left_out: list[LeftOut] = []
        self._number = 0
        self._given: dict[str, str] = {}
        self._promises: list[tuple[int, str, str]] = []
        self._description = ""
        self._example: dict[str, str] = {}
        self._text: list[str] = []

    def parse(self, document: bytes) -> None:
        parser = xml.parsers.expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.Parse(document, True)

    def result(self) -> RecogFile:
        return RecogFile(Field(self._name, self._protocol, tuple(self._fingerprints)), self._examples, self._left_out)

    def _refuse(self, *_: object) -> int:
        raise CallError("read the fingerprints", self._name, why="it declares a document type or entities, and those are refused")

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        self._path.append(element)
        self._text.clear()
        if self._path == ["fingerprints"]:
            self.is_recog = True
            self._protocol = attributes.get("protocol", "")
        elif self._path == ["fingerprints", "fingerprint"]:
            self._number += 1
            if self._number > _MOST_FINGERPRINTS:
                raise CallError("read the fingerprints", self._name, why=f"it has more than {_MOST_FINGERPRINTS:,} of them")
            self._given, self._promises, self._description = attributes, [], ""
        elif element == "param" and len(self._path) == 3 and len(self._promises) < _MOST_PROMISES:
            place = attributes.get("pos", "")
            group = int(place) if place.isdigit() and len(place) < 4 else 0
            self._promises.append((group, attributes.get("name", ""), attributes.get("value", "")))
        elif element == "example":
            self._example = attributes

    def _end(self, _: str) -> None:
        text = "".join(self._text)
        if self._path == ["fingerprints", "fingerprint", "description"]:
            self._description = printable(" ".join(text.split()), 300)
        elif self._path == ["fingerprints", "fingerprint", "example"]:
            told = {name: value for name, value in self._example.items() if not name.startswith("_")}
            self._examples.append(Example(self._number, text, self._example.get("_encoding", ""), told))
        elif self._path == ["fingerprints", "fingerprint"]:
            self._finish()
        self._text.clear()
        self._path.pop()

    def _finish(self) -> None:
        """A fingerprint is complete: try its pattern."""
        flags = self._given.get("flags", "").split(",")
        pattern, ignore_case = self._given.get("pattern", ""), "REG_ICASE" in flags
        dot_newline = "REG_DOT_NEWLINE" in flags or "REG_MULTILINE" in flags  # Ruby's MULTILINE means the dot, not the lines
        try:
            tree, groups = parse_pattern(pattern, ignore_case=ignore_case, dot_newline=dot_newline)
            strange = [group for group, _, _ in self._promises if group > groups]
            if groups > _MOST_GROUPS or strange or not pattern:
                raise CallError("use the pattern", why="it is empty, or has too many groups or too few")
        except DoorwardError as error:
            self._left_out.append(LeftOut(self._name, self._number, printable(error.why)))
            return
        self._fingerprints.append(
            Fingerprint(
                number=self._number,
                pattern=pattern,
                ignore_case=ignore_case,
                dot_newline=dot_newline,
                literals=required_texts(tree),
                description=self._description,
                promises=tuple(self._promises),
            )
        )
