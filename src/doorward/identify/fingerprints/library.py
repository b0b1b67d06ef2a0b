"""All fingerprints there are, looked up by field: loads a field when it is first asked for, and a pattern when a text may match it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from doorward.identify.fingerprints.fingerprint import Field, Fingerprint, Recognised, promises
from doorward.identify.fingerprints.matcher import Matcher, Memory

__all__ = ["LONGEST_TEXT", "Library"]

#: Characters of a text that are looked at; the longest of Recog's own 7,525 examples has 1,237.
LONGEST_TEXT: Final = 4096


class Library:
    """Fingerprints of one source; ``load`` returns a field by its name, or `None` where there is none of that name."""

    def __init__(self, source: str, load: Callable[[str], Field | None]) -> None:
        self._source = source
        self._load = load
        self._memory = Memory()
        self._fields: dict[str, _Shelf | None] = {}

    def recognise(self, field: str, text: str) -> Recognised | None:
        """Return the first fingerprint in the field's order that matches the text."""
        if field not in self._fields:
            loaded = self._load(field)
            self._fields[field] = _Shelf(loaded, self._memory) if loaded is not None else None
        shelf = self._fields[field]
        found = shelf.first_match(text[:LONGEST_TEXT]) if shelf is not None else None
        if found is None:
            return None
        fingerprint, groups = found
        return Recognised(self._source, field, fingerprint.number, fingerprint.description, promises(fingerprint, groups))


class _Shelf:
    """One field's fingerprints, by the text that each of them needs."""

    def __init__(self, field: Field, memory: Memory) -> None:
        self._memory = memory
        self._rows = [(text, place) for place, one in enumerate(field.fingerprints) for text in one.literals]
        self._fingerprints = field.fingerprints
        self._matchers: list[Matcher | None] = [None] * len(field.fingerprints)

    def first_match(self, text: str) -> tuple[Fingerprint, list[str | None]] | None:
        lowered = text.lower()
        for place in dict.fromkeys([place for literal, place in self._rows if literal in lowered]):
            if (groups := self._matcher(place).search(text)) is not None:
                return self._fingerprints[place], groups
        return None

    def _matcher(self, place: int) -> Matcher:
        matcher = self._matchers[place]
        if matcher is None:
            one = self._fingerprints[place]
            matcher = Matcher(one.pattern, ignore_case=one.ignore_case, dot_newline=one.dot_newline, memory=self._memory)
            self._matchers[place] = matcher
        return matcher
