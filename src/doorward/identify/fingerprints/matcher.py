r"""Matches a pattern in time linear in the text, whatever the pattern: a deterministic automaton, built as far as texts need it.

The obvious way, Python's `re`, goes back and tries again; on a pattern such as ``(a+)+$`` a banner of thirty letters holds it for
minutes, and no time limit can stop it. Here each character is looked at once. A state is the *ordered* list of places in the pattern
that are still possible, first choice first (Pike's threads made deterministic, as in Laurikari's tagged automata): the order decides as
Perl, Ruby and `re` decide. An edge remembers for each place from which place of the state before it came and which groups began or
ended on the way, so that once the text is read the winning place is followed back, and the groups' ends are read off. Both ways cost
one step a character, and a run of letters that must all follow costs one step together.

A text costs at most (characters) x (places in the pattern) where every step is new, and one look into a dictionary a character where it
isn't. What is remembered is bounded by `Memory`, shared by all matchers, which forgets everything when it is full.
"""

from __future__ import annotations

import weakref
from collections import Counter
from typing import Final

from doorward.errors import CallError
from doorward.identify.fingerprints.letters import CharSet
from doorward.identify.fingerprints.pattern import Alternatives, Assertion, Group, Letters, Node, Repeat, Sequence, parse_pattern

__all__ = ["Matcher", "Memory"]

_MOST_INSTRUCTIONS: Final = 30_000
#: What all edges and states together may weigh, some 40 MB. All of Recog's examples take 3.6 million (2026-11-23).
_MOST_REMEMBERED: Final = 4_000_000
_EDGE_WEIGHT: Final = 30

# Instructions: (kind, first, second)
_LETTER, _SPLIT, _MARK, _ASSERT, _MATCH = range(5)
Instruction = tuple[int, int, int | str | CharSet]

_BEGIN: Final = 2  # the instruction at which the pattern itself begins, behind the search for it
_LONGEST_RUN: Final = 200
#: A text in which a pattern's first letters stand more often is searched from all places at once, so that no text costs their product.
_MOST_BEGINNINGS: Final = 4

_AT_START, _AFTER_NEWLINE, _WITHIN = range(3)
Origin = tuple[int, tuple[int, ...]]  # place in the state before, and the marks passed since


class Memory:
    """How much all matchers together may remember."""

    def __init__(self, most: int = _MOST_REMEMBERED) -> None:
        self.used = 0
        self._most = most
        self._matchers: weakref.WeakSet[Matcher] = weakref.WeakSet()

    def take(self, weight: int) -> None:
        """Remember more; when that is too much, everything is forgotten first."""
        if self.used + weight > self._most:
            self.used = 0
            for matcher in list(self._matchers):
                matcher.forget()
        self.used += weight

    def add(self, matcher: Matcher) -> None:
        """Count a matcher among those who share this."""
        self._matchers.add(matcher)


class _State:
    """The places that are possible after some text; ``run`` is what must follow where only one place is left and it demands letters."""

    __slots__ = ("edges", "end", "end_known", "kind", "places", "run", "run_edge")

    def __init__(self, places: tuple[int, ...], kind: int) -> None:
        self.places = places
        self.kind = kind
        self.edges: dict[str, _Edge] = {}
        self.end: Origin | None = None
        self.end_known = False
        self.run = ""
        self.run_edge: _Edge | None = None


class _Edge:
    """A step over ``length`` characters; ``match`` is set where the pattern had matched before it."""

    __slots__ = ("length", "match", "origins", "target")

    def __init__(self, target: _State, origins: tuple[Origin, ...], match: Origin | None, length: int = 1) -> None:
        self.target = target
        self.origins = origins
        self.match = match
        self.length = length


class Matcher:
    """One pattern, searched anywhere in a text."""

    def __init__(self, pattern: str, *, ignore_case: bool = False, dot_newline: bool = False, memory: Memory | None = None) -> None:
        tree, self._groups = parse_pattern(pattern, ignore_case=ignore_case, dot_newline=dot_newline)
        self._program = _compile(tree)
        self._memory = memory if memory is not None else Memory()
        self._memory.add(self)
        self._kinds, self._samples = _kinds_of_letters(self._program)
        self._sizes = Counter(self._kinds)
        self._states: dict[tuple[tuple[int, ...], int], _State] = {}
        self._origins: dict[Origin, Origin] = {}
        self._anchor = _first_assertion(self._program)
        self._prefix = self._demanded(_BEGIN, _WITHIN)[0]

    def forget(self) -> None:
        """Drop all that was built for texts of before."""
        for state in self._states.values():
            state.edges.clear()
        self._states.clear()
        self._origins.clear()

    def search(self, text: str) -> list[str | None] | None:
        """Return the first match and its groups, `None` for a group that took no part; `None` where nothing matches."""
        kinds = text.translate(self._kinds)
        if self._anchor == "A" or (self._anchor == "^" and "\n" not in text):
            return self._run(text, kinds, 0, (_BEGIN,))
        if len(self._prefix) > 1 and kinds.count(self._prefix) <= _MOST_BEGINNINGS:
            place = kinds.find(self._prefix)
            while place >= 0:
                if (found := self._run(text, kinds, place, (_BEGIN,))) is not None:
                    return found
                place = kinds.find(self._prefix, place + 1)
            return None
        return self._run(text, kinds, 0, (0,))

    def _run(self, text: str, kinds: str, start: int, places: tuple[int, ...]) -> list[str | None] | None:
        """Go through the text from ``start``."""
        state = self._state(places, _kind_behind(text[start - 1 : start]))
        passed: list[_Edge] = []
        step = passed.append
        matched, steps, place, size = None, 0, start, len(kinds)
        while place < size:
            if state.run:
                edge = state.run_edge
                if edge is None or not kinds.startswith(state.run, place):
                    break
            else:
                letter_kind = kinds[place]
                edge = state.edges.get(letter_kind) or self._new_edge(state, letter_kind)
                if edge.match is not None:
                    matched, steps = edge.match, len(passed)
            step(edge)
            place += edge.length
            state = edge.target
            if not state.places:
                break
        if place >= size and (end := self._end(state)) is not None:
            matched, steps = end, len(passed)
        return self._follow_back(text, passed[:steps], matched, start) if matched is not None else None

    def _follow_back(self, text: str, passed: list[_Edge], origin: Origin, start: int) -> list[str | None]:
        """Walk from the match to the start, and cut the groups out of the text."""
        marks = [-1] * (2 * self._groups + 2)
        place = start + sum([edge.length for edge in passed])
        for edge in (*reversed(passed), None):
            index, set_here = origin
            for mark in set_here:
                if marks[mark] < 0:
                    marks[mark] = place
            if edge is not None:
                place -= edge.length
                origin = edge.origins[index]
        return [text[marks[i] : marks[i + 1]] if marks[i] >= 0 and marks[i + 1] >= 0 else None for i in range(0, len(marks), 2)]

    def _state(self, places: tuple[int, ...], kind: int) -> _State:
        found = self._states.get((places, kind))
        if found is None:
            self._memory.take(_EDGE_WEIGHT + len(places))
            found = self._states[places, kind] = _State(places, kind)
            if len(places) == 1:
                self._find_run(found)
        return found

    def _find_run(self, state: _State) -> None:
        """Where a single place demands letters one after the other, take them in one step."""
        run, marks, behind = self._demanded(state.places[0], state.kind)
        if len(run) > 1:
            last = self._samples[run[-1]]
            state.run = run
            state.run_edge = _Edge(self._state((behind,), _kind_behind(last)), (self._origin(0, marks),), None, len(run))

    def _demanded(self, place: int, kind: int) -> tuple[str, tuple[int, ...], int]:
        """The kinds of letters that must follow a place, the marks passed before them, and the place behind them."""
        run: str = ""
        marks: tuple[int, ...] = ()
        while len(run) < _LONGEST_RUN:
            code, following, extra = self._program[place]
            if code == _LETTER and isinstance(extra, CharSet) and (letter := self._only_kind(extra)):
                run += letter
            elif code == _MARK and not run:
                marks = (*(mark for mark in marks if mark != extra), int(str(extra)))
            elif not self._costs_nothing(place, kind, begun=bool(run)):
                break
            place = following
        return run, marks, place

    def _costs_nothing(self, place: int, kind: int, *, begun: bool) -> bool:
        """Whether an instruction always goes on at the next: a split without a choice, or an assertion that holds here."""
        code, following, extra = self._program[place]
        return (code == _SPLIT and following == extra) or (code == _ASSERT and not begun and kind == _AT_START and extra in ("^", "A"))

    def _only_kind(self, letters: CharSet) -> str:
        """The one kind that a set consists of, or nothing."""
        mask = letters.low_mask
        if not mask or letters.ranges[-1][1] > 255:
            return ""
        kind = self._kinds[(mask & -mask).bit_length() - 1]
        return kind if self._sizes[kind] == mask.bit_count() else ""

    def _new_edge(self, state: _State, letter_kind: str) -> _Edge:
        character = self._samples.get(letter_kind, letter_kind)
        reached, origins, match = self._close(state, character)
        self._memory.take(_EDGE_WEIGHT + len(origins))
        edge = _Edge(self._state(reached, _kind_behind(character)), origins, match)
        state.edges[letter_kind] = edge
        return edge

    def _end(self, state: _State) -> Origin | None:
        """The match at the text's end, if there is one."""
        if not state.end_known:
            state.end_known = True
            state.end = self._close(state, "")[2]
        return state.end

    def _close(self, state: _State, character: str) -> tuple[tuple[int, ...], tuple[Origin, ...], Origin | None]:
        """Follow all that costs no character, in order of choice, and then the character; empty stands for the text's end."""
        program, kind = self._program, state.kind
        seen: set[int] = set()
        reached: dict[int, Origin] = {}
        for index, start in enumerate(state.places):
            waiting: list[tuple[int, tuple[int, ...]]] = [(start, ())]
            while waiting:
                place, marks = waiting.pop()
                if place in seen:
                    continue
                seen.add(place)
                code, following, extra = program[place]
                if code == _LETTER:
                    if character and following not in reached and character in extra:  # type: ignore[operator]  # a letter's extra is its set
                        reached[following] = self._origin(index, marks)
                elif code == _SPLIT:
                    waiting.append((extra, marks))  # type: ignore[arg-type]  # a split's extra is its second choice
                    waiting.append((following, marks))
                elif code == _MARK:
                    waiting.append((following, (*(mark for mark in marks if mark != extra), extra)))  # type: ignore[arg-type]
                elif code == _ASSERT:
                    if _holds(str(extra), kind, character):
                        waiting.append((following, marks))
                else:  # what comes later in the order can't win any more
                    return tuple(reached), tuple(reached.values()), self._origin(index, marks)
        return tuple(reached), tuple(reached.values()), None

    def _origin(self, index: int, marks: tuple[int, ...]) -> Origin:
        origin = (index, marks)
        return self._origins.setdefault(origin, origin)


def _kinds_of_letters(program: list[Instruction]) -> tuple[str, dict[str, str]]:
    """Part the first 256 characters into kinds that the program can't tell apart, so that an edge is built once for all of a kind.

    Returns a table for `str.translate` (what lies beyond it stays itself) and a character of each kind.
    """
    masks = {extra.low_mask for code, _, extra in program if code == _LETTER and isinstance(extra, CharSet)}
    kinds = [(1 << 256) - 1]
    for mask in (1 << ord("\n"), *sorted(masks)):
        kinds = [part for kind in kinds for part in (kind & mask, kind & ~mask) if part]
    table = [""] * 256
    samples = {}
    for number, kind in enumerate(kinds):
        left = kind
        while left:
            lowest = (left & -left).bit_length() - 1
            samples[chr(number)] = chr(lowest)
            table[lowest] = chr(number)
            left &= left - 1
    return "".join(table), samples


def _kind_behind(character: str) -> int:
    """Where a place stands, by the character before it."""
    if not character:
        return _AT_START
    return _AFTER_NEWLINE if character == "\n" else _WITHIN


def _first_assertion(program: list[Instruction]) -> str:
    """What the pattern demands of its own beginning, whatever it goes on with: ``^``, ``A``, or nothing."""
    place = _BEGIN
    while program[place][0] == _MARK:
        place = program[place][1]
    code, _, extra = program[place]
    return str(extra) if code == _ASSERT and extra in ("^", "A") else ""


def _holds(assertion: str, kind: int, character: str) -> bool:
    if assertion == "^":
        return kind != _WITHIN
    if assertion == "$":
        return character in ("", "\n")
    return kind == _AT_START if assertion == "A" else character == ""


def _compile(tree: Node) -> list[Instruction]:
    """Write the tree as instructions, with a lazy search for its beginning before it and marks for the whole match around it."""
    # 0: begin here, or (1) pass one character and try again.
    program: list[Instruction] = [(_SPLIT, 2, 1), (_LETTER, 0, CharSet([(0, 0x10FFFF)])), (_MARK, 3, 0)]
    _emit(tree, program)
    program.append((_MARK, len(program) + 1, 1))
    program.append((_MATCH, 0, 0))
    return program


def _emit(node: Node, program: list[Instruction]) -> None:
    """Append a node's instructions; each goes on at the one behind the node."""
    if len(program) > _MOST_INSTRUCTIONS:
        raise CallError("compile a pattern", why=f"its repetitions multiply beyond {_MOST_INSTRUCTIONS:,} steps")
    if isinstance(node, Letters):
        program.append((_LETTER, len(program) + 1, node.set))
    elif isinstance(node, Assertion):
        program.append((_ASSERT, len(program) + 1, node.kind))
    elif isinstance(node, Sequence):
        for part in node.parts:
            _emit(part, program)
    elif isinstance(node, Group):
        program.append((_MARK, len(program) + 1, 2 * node.number))
        _emit(node.part, program)
        program.append((_MARK, len(program) + 1, 2 * node.number + 1))
    elif isinstance(node, Alternatives):
        _emit_alternatives(node, program)
    else:
        _emit_repeat(node, program)


def _emit_alternatives(node: Alternatives, program: list[Instruction]) -> None:
    ends = []
    for choice in node.choices[:-1]:
        split = len(program)
        program.append((_SPLIT, 0, 0))
        _emit(choice, program)
        ends.append(len(program))
        program.append((_SPLIT, 0, 0))
        program[split] = (_SPLIT, split + 1, len(program))
    _emit(node.choices[-1], program)
    for end in ends:
        program[end] = (_SPLIT, len(program), len(program))


def _emit_repeat(node: Repeat, program: list[Instruction]) -> None:
    for _ in range(node.least):
        _emit(node.part, program)
    if node.most is None:
        split = len(program)
        program.append((_SPLIT, 0, 0))
        _emit(node.part, program)
        program.append((_SPLIT, split, split))
        program[split] = _choice(split + 1, len(program), greedy=node.greedy)
        return
    splits = []
    for _ in range(node.most - node.least):
        splits.append(len(program))
        program.append((_SPLIT, 0, 0))
        _emit(node.part, program)
    for split in splits:
        program[split] = _choice(split + 1, len(program), greedy=node.greedy)


def _choice(into: int, past: int, *, greedy: bool) -> Instruction:
    return (_SPLIT, into, past) if greedy else (_SPLIT, past, into)
