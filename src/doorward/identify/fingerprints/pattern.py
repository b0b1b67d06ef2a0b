r"""A pattern's text read into a tree; the part of Ruby's patterns that is truly regular, and nothing beyond. Matches nothing.

    alternatives = sequence *("|" sequence)
    sequence     = *(atom ["*" / "+" / "?" / "{" m ["," [n]] "}"] ["?"])
    atom         = "(" alternatives ")" / "(?:" … ")" / "(?i)" / "(?im:" … ")" / "[" class "]" / "\" escape / "." / "^" / "$" / character

Ruby's meaning: ``^`` and ``$`` stand at every line's ends; its flag ``m`` lets the dot match a newline. Look-around and back references are
refused, for they can't be matched in linear time. Counted repetitions are copies, so what they multiply to is bounded.
"""

from __future__ import annotations

from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.identify.fingerprints.letters import ANYTHING, NOT_NEWLINE, CharSet, named_class, of_letter

__all__ = ["Alternatives", "Assertion", "Group", "Letters", "Node", "Repeat", "Sequence", "parse_pattern", "required_texts"]

_LONGEST: Final = 20_000
_DEEPEST: Final = 60
_MOST_COPIES: Final = 1000
_MOST_TEXTS: Final = 64
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b", "0": "\0"}


class Letters(msgspec.Struct, frozen=True):
    """One character out of a set."""

    set: CharSet


class Assertion(msgspec.Struct, frozen=True):
    r"""A place between characters: ``^`` and ``$`` at a line's ends, ``A`` and ``z`` at the text's."""

    kind: str


class Sequence(msgspec.Struct, frozen=True):
    """One after the other."""

    parts: tuple[Node, ...]


class Alternatives(msgspec.Struct, frozen=True):
    """The first that fits."""

    choices: tuple[Node, ...]


class Repeat(msgspec.Struct, frozen=True):
    """``least`` to ``most`` times (`None`: without end), as often or as seldom as possible."""

    part: Node
    least: int
    most: int | None
    greedy: bool


class Group(msgspec.Struct, frozen=True):
    """Remembers what its part matched; numbered from 1 by their opening brackets."""

    part: Node
    number: int


Node = Letters | Assertion | Sequence | Alternatives | Repeat | Group


def parse_pattern(text: str, *, ignore_case: bool = False, dot_newline: bool = False) -> tuple[Node, int]:
    """Return the tree and how many groups it has; raises `CallError` for what isn't regular or isn't a pattern."""
    if len(text) > _LONGEST:
        raise CallError("read the pattern", text[:60], why=f"it has {len(text):,} characters, and {_LONGEST:,} is the most")
    reader = _Reader(text)
    tree = reader.alternatives(ignore_case, dot_newline, 0)
    if not reader.at_end:
        raise reader.error("a bracket closes that never opened")
    return tree, reader.groups


class _Reader:
    """A place in the text, going forward."""

    def __init__(self, text: str) -> None:
        self.groups = 0
        self._text = text
        self._place = 0

    @property
    def at_end(self) -> bool:
        return self._place >= len(self._text)

    def error(self, why: str) -> CallError:
        return CallError("read the pattern", self._text[:200], why=f"{why} (character {self._place + 1})")

    def _peek(self, text: str) -> bool:
        return self._text.startswith(text, self._place)

    def _take(self, text: str) -> bool:
        if self._peek(text):
            self._place += len(text)
            return True
        return False

    def _next(self) -> str:
        if self.at_end:
            raise self.error("it ends too early")
        self._place += 1
        return self._text[self._place - 1]

    def alternatives(self, ignore_case: bool, dot_newline: bool, depth: int) -> Node:
        """Read up to the closing bracket or the end."""
        if depth > _DEEPEST:
            raise self.error("its brackets nest too deeply")
        choices: list[Node] = []
        parts: list[Node] = []
        while not self.at_end and not self._peek(")"):
            if self._take("|"):
                choices.append(Sequence(tuple(parts)))
                parts = []
            elif (flags := self._inline_flags()) is not None:
                ignore_case, dot_newline = ignore_case or "i" in flags, dot_newline or "m" in flags
            else:
                parts.append(self._repeated(self._atom(ignore_case, dot_newline, depth)))
        choices.append(Sequence(tuple(parts)))
        return choices[0] if len(choices) == 1 else Alternatives(tuple(choices))

    def _inline_flags(self) -> str | None:
        """``(?im)``: from here to the end of the group; `None` where none stand."""
        end = self._text.find(")", self._place)
        flags = self._text[self._place + 2 : end]
        if not self._peek("(?") or end < 0 or not flags or set(flags) - set("imx"):
            return None
        self._place = end + 1
        return self._known_flags(flags)

    def _known_flags(self, flags: str) -> str:
        if "x" in flags:
            raise self.error("the flag x isn't known here")
        return flags

    def _atom(self, ignore_case: bool, dot_newline: bool, depth: int) -> Node:
        character = self._next()
        if character == "(":
            return self._group(ignore_case, dot_newline, depth)
        if character in "^$":
            return Assertion(character)
        if character == ".":
            return Letters(ANYTHING if dot_newline else NOT_NEWLINE)
        if character in "*+?":
            raise self.error("nothing stands before a repetition")
        if character == "\\":
            if self._peek("A") or self._peek("z"):
                return Assertion(self._next())
            found = self._escape()
        elif character == "[":
            return Letters(self._class(ignore_case))
        else:
            found = of_letter(character)
        return Letters(found.with_both_cases() if ignore_case else found)

    def _group(self, ignore_case: bool, dot_newline: bool, depth: int) -> Node:
        number = 0
        if self._take("?"):
            end = self._text.find(":", self._place)
            flags = self._text[self._place : end] if end >= 0 else "="
            if set(flags) - set("imx"):
                raise self.error("look-around, back references and named groups aren't regular, or aren't known here")
            self._known_flags(flags)
            ignore_case, dot_newline = ignore_case or "i" in flags, dot_newline or "m" in flags
            self._place = end + 1
        else:
            self.groups += 1
            number = self.groups
        part = self.alternatives(ignore_case, dot_newline, depth + 1)
        if not self._take(")"):
            raise self.error("a bracket never closes")
        return Group(part, number) if number else part

    def _repeated(self, atom: Node) -> Node:
        while not self.at_end:
            least: int
            most: int | None
            if self._take("*"):
                least, most = 0, None
            elif self._take("+"):
                least, most = 1, None
            elif self._take("?"):
                least, most = 0, 1
            elif (counts := self._counts()) is not None:
                least, most = counts
            else:
                break
            if self._peek("+"):
                raise self.error("possessive repetitions aren't known here")
            atom = Repeat(atom, least, most, greedy=not self._take("?"))
        return atom

    def _counts(self) -> tuple[int, int | None] | None:
        """``{2}``, ``{2,}``, ``{,3}``, ``{2,3}``; a brace that is none of them is a character."""
        end = self._text.find("}", self._place, self._place + 12)
        first, comma, last = self._text[self._place + 1 : max(end, 0)].partition(",")
        if not self._peek("{") or end < 0 or not (first + last).isdigit() or not all(text.isdigit() or not text for text in (first, last)):
            return None
        least = int(first or 0)
        most = (int(last) if last else None) if comma else least
        if max(least, most or 0) > _MOST_COPIES or (most is not None and most < least):
            raise self.error(f"a repetition counts beyond {_MOST_COPIES}, or backwards")
        self._place = end + 1
        return least, most

    def _escape(self) -> CharSet:
        r"""What stands behind a backslash, outside brackets and within."""
        letter = self._next()
        if (found := named_class(letter)) is not None:
            return found
        if letter == "x":
            digits = self._text[self._place : self._place + 2]
            if len(digits) < 2 or set(digits) - set("0123456789abcdefABCDEF"):
                raise self.error("two hexadecimal digits must follow \\x")
            self._place += 2
            return of_letter(chr(int(digits, 16)))
        if letter in _CONTROLS:
            return of_letter(_CONTROLS[letter])
        if letter.isascii() and letter.isalnum():
            raise self.error(f"\\{letter} isn't regular, or isn't known here")
        return of_letter(letter)

    def _class(self, ignore_case: bool) -> CharSet:
        """What stands in square brackets; both cases of a letter are shut out by either."""
        inverted = self._take("^")
        ranges: list[tuple[int, int]] = []
        is_first = True
        while is_first or not self._peek("]"):
            is_first = False
            if self._peek("[:") or self._peek("&&"):
                raise self.error("named classes and intersections aren't known here")
            one = self._class_part()
            if self._peek("-") and not self._peek("-]") and len(one.ranges) == 1 and one.ranges[0][0] == one.ranges[0][1]:
                self._next()
                last = self._class_part()
                if len(last.ranges) != 1 or last.ranges[0][1] < one.ranges[0][0]:
                    raise self.error("a range runs backwards")
                one = CharSet([(one.ranges[0][0], last.ranges[0][1])])
            ranges += one.ranges
        self._next()
        found = CharSet(ranges).with_both_cases() if ignore_case else CharSet(ranges)
        return found.inverted() if inverted else found

    def _class_part(self) -> CharSet:
        character = self._next()
        return self._escape() if character == "\\" else of_letter(character)


def required_texts(node: Node) -> tuple[str, ...]:
    """Texts in lower case of which at least one stands in whatever the pattern matches; an empty one where nothing can be demanded."""
    found: list[tuple[str, ...]] = [("",)]
    runs = [""]
    _collect(node, runs, found)
    found += [(run,) for run in runs]
    return max(found, key=lambda texts: (min(map(len, texts)), -len(texts)))


def _collect(node: Node, runs: list[str], found: list[tuple[str, ...]]) -> None:
    """Add a node's characters to the last run, or begin new ones around what varies; what several choices demand is found as a whole."""
    if isinstance(node, Letters):
        if node.set.letter:
            runs[-1] += node.set.letter
        else:
            runs.append("")
    elif isinstance(node, Sequence):
        for part in node.parts:
            _collect(part, runs, found)
    elif isinstance(node, Group):
        _collect(node.part, runs, found)
    elif isinstance(node, Repeat):
        if node.least > 0:
            _collect(node.part, runs, found)
        runs.append("")
    elif isinstance(node, Alternatives):
        texts = tuple(text for choice in node.choices for text in required_texts(choice))
        if len(texts) <= _MOST_TEXTS:
            found.append(texts)
        runs.append("")
