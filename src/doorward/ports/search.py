"""Finds ports by words and ranks them; knows which place of a text weighs how much, and nothing of what the words mean.

A word may stand in a name, a headline, our keywords, a program's name, a description. The obvious way, counting hits, puts long texts
first; we score each word by the best place it is found in, want every word to be found, and let our own notes weigh more than the
registry's lines, because a person who searches "mail" wants the ports that people meet. Equals are put in order of use: doors that
may stand on a public network first, then by number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from doorward.ports.assignments import Assignment
from doorward.ports.lookup import PortList
from doorward.ports.notes import PortNote, Public
from doorward.ports.services import LocalName

__all__ = ["Hit", "near_names", "search"]

_MAX_WORDS = 8
_NEAR = 4


class Hit(NamedTuple):
    """Numbers that the words were found for, both ends inclusive; -1 for a name without a number."""

    score: int
    first: int
    last: int
    name: str


class _Place(NamedTuple):
    """A text to look into: what a whole word, the beginning of a word, and any part of it are worth."""

    text: str
    whole: int
    start: int
    part: int
    all: int = 0  #: worth where the word is the whole text


def search(ports: PortList, question: str) -> list[Hit]:
    """Return every number and name for which all words of ``question`` are found, the best first, then by number."""
    words = question.casefold().split()[:_MAX_WORDS]
    if not words:
        return []
    best: dict[tuple[int, int, str], int] = {}
    spelt_as_one = {" ".join(words), "-".join(words)}
    private = {port for note in ports.notes if note.public is Public.NO for _, port in note.ports}
    for note in ports.notes:
        if score := _score(words, _note_places(note)):
            score += 50 * (not spelt_as_one.isdisjoint((note.name, *note.aliases)))
            for _, first, last in note.ports.ranges:
                _keep(best, first, last, "", score)
    for row in ports.assignments:
        # Most rows hold none of the words: one look at the joined text spares the scoring.
        if words[0] in f"{row.name} {row.description}".casefold() and (score := _score(words, _row_places(row))):
            _keep(best, row.first, row.last, "" if row.has_number else row.name, score)
    for line in ports.local:
        if score := _score(words, _line_places(line)):
            _keep(best, line.port, line.port, "", score)
    hits = [Hit(score, first, last, name) for (first, last, name), score in best.items()]
    return sorted(hits, key=lambda hit: (-hit.score, hit.first < 0, hit.first in private, hit.first, hit.name))


def near_names(ports: PortList, word: str) -> list[str]:
    """Return known names spelt much like ``word``, the nearest first; those of our notes before others of equal nearness."""
    import difflib

    wanted = word.casefold()[:64]
    ours = {name for note in ports.notes for name in (note.name, *note.aliases)}
    # Names that share the first letter or the length cover slips of the finger, and spare comparing with ten thousand.
    candidates = [name for name in ports.all_names() if name[:1].casefold() == wanted[:1] or name in ours]
    found = difflib.get_close_matches(wanted, sorted({name.casefold() for name in candidates}), n=_NEAR * 2, cutoff=0.7)
    return sorted(found, key=lambda name: (name not in ours, found.index(name)))[:_NEAR]


def _keep(best: dict[tuple[int, int, str], int], first: int, last: int, name: str, score: int) -> None:
    best[first, last, name] = max(best.get((first, last, name), 0), score)


def _score(words: list[str], places: Iterable[_Place]) -> int:
    """Add up what each word is worth at its best place; 0 as soon as one is found nowhere."""
    total = 0
    looked_at = list(places)
    whole = " ".join(place.text for place in looked_at).casefold()
    if not all(word in whole for word in words):
        return 0  # nearly every text: spares looking place by place
    for word in words:
        worth = max(_worth(word, place) for place in looked_at)
        if not worth:
            return 0
        total += worth
    return total


def _worth(word: str, place: _Place) -> int:
    text = place.text.casefold()
    if word not in text:
        return 0
    if place.all and word == text:
        return place.all
    if place.whole and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
        return place.whole
    if place.start and re.search(rf"(?<!\w){re.escape(word)}", text):
        return place.start
    return place.part if len(word) >= 3 else 0  # two letters stand in everything


def _note_places(note: PortNote) -> list[_Place]:
    return [
        *(_Place(name, 60, 45, 30, 100 if name == note.name else 95) for name in (note.name, *note.aliases)),
        *(_Place(word, 60, 45, 20, 80) for word in note.words),
        _Place(note.title, 75, 45, 20),
        _Place(f"{' '.join(note.held_by)} {' '.join(note.others)}", 65, 45, 15),
        _Place(note.subject.replace("-", " "), 60, 0, 0, 85),
        _Place(f"{note.purpose} {' '.join(note.others.values())}", 40, 25, 5),
        _Place(f"{note.risk} {note.instead} {' '.join(note.confusions)} {' '.join(note.sources)}", 20, 10, 0),
    ]


def _row_places(row: Assignment) -> list[_Place]:
    without_number = 0 if row.has_number else 15
    return [
        _Place(row.name, 50 - without_number, 30 - without_number, 12),
        _Place(row.description, 35 - without_number, 18 - without_number, 6),
    ]


def _line_places(line: LocalName) -> list[_Place]:
    return [_Place(line.name, 88, 40, 12), _Place(" ".join(line.aliases), 82, 40, 12), _Place(line.comment, 30, 15, 5)]
