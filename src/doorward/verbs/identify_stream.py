"""Identifies doors that come line by line, as a scan prints them: reads each line, minds the consent, tells answers as they are done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import BinaryIO, Final

from doorward.errors import CallError, DoorwardError
from doorward.identify.answer import IdentifyAnswer, make_answer
from doorward.identify.asked import parse_asked
from doorward.identify.catalog import probe_named
from doorward.identify.conclusion import Conclusion, Endpoint, Outcome
from doorward.identify.found_doors import parse_found
from doorward.identify.live_stream import ask_as_they_come
from doorward.identify.live_talk import DEFAULT_TIMEOUT_S
from doorward.ports.live_list import find_name
from doorward.scan.consent import consented
from doorward.scan.live_names import own_address_memory, resolve_name
from doorward.scan.spans import Span
from doorward.scan.targets import TargetSet
from doorward.values.clocks import Clock

__all__ = ["identify_stream"]

_NOBODY_THERE: Final = (Outcome.REFUSED, Outcome.UNREACHABLE)
_MOST_REMEMBERED: Final = 1_000_000  # doors asked, so that none is asked twice; then all are forgotten


def identify_stream(
    source: BinaryIO,
    *,
    clock: Clock,
    tell: Callable[[IdentifyAnswer], None],
    refuse: Callable[[DoorwardError], None],
    timeout_s: float = DEFAULT_TIMEOUT_S,
    only: str = "",
    may_scan_public: bool = False,
) -> None:
    """Ask the door of each line and ``tell`` each answer as it is done; a line that can't be followed goes to ``refuse``, the rest goes on.

    Each door is asked once. Raises `CallError` for a probe that there isn't.
    """
    if only:
        probe_named(only)
    stream = _Stream(tell, refuse, only=only, may_scan_public=may_scan_public)
    ask_as_they_come(source, doors_of=stream.doors_of, begin=stream.begin, tell=stream.hear, clock=clock, timeout_s=timeout_s, only=only)


class _Stream:
    def __init__(
        self, tell: Callable[[IdentifyAnswer], None], refuse: Callable[[DoorwardError], None], *, only: str, may_scan_public: bool
    ) -> None:
        self._tell = tell
        self._refuse = refuse
        self._only = only
        self._may_scan_public = may_scan_public
        self._is_own = own_address_memory()
        self._asked: set[Endpoint] = set()
        self._waiting: dict[Endpoint, tuple[Sequence[Endpoint], dict[Endpoint, Conclusion]]] = {}

    def doors_of(self, line: bytes, number: int) -> list[Sequence[Endpoint]]:
        """Read a line; what is wrong with it is told, and it has no doors."""
        try:
            found = parse_found(line, number)
            if found is None:
                return []
            doors = [[found]] if isinstance(found, Endpoint) else parse_asked(found, resolve_name, find_name) if found else []
            return [door for door in doors if self._is_to_be_asked(door)]
        except DoorwardError as error:
            place = f"standard input, line {number}"
            named = (
                error if error.target == place else type(error)(error.doing, error.target, why=f"{place}: {error.why}", remedy=error.remedy)
            )
            self._refuse(named)
            return []

    def _is_to_be_asked(self, door: Sequence[Endpoint]) -> bool:
        consented(TargetSet(Span.of(endpoint.address) for endpoint in door), given=self._may_scan_public, is_own=self._is_own)
        transports = probe_named(self._only).TRANSPORTS if self._only else None
        if transports is not None and any(endpoint.transport not in transports for endpoint in door):
            raise CallError("speak", self._only, why=f"it is not spoken over {door[0].transport}")
        if door[0] in self._asked:
            return False
        if len(self._asked) >= _MOST_REMEMBERED:
            self._asked.clear()
        self._asked.add(door[0])
        return True

    def begin(self, door: Sequence[Endpoint]) -> None:
        """A door is about to be asked at all its addresses."""
        heard: dict[Endpoint, Conclusion] = {}
        for endpoint in door:
            self._waiting[endpoint] = (door, heard)

    def hear(self, conclusion: Conclusion) -> None:
        """Take in one conclusion; tell the door's when it was the last one."""
        door, heard = self._waiting.pop(conclusion.endpoint)
        heard[conclusion.endpoint] = conclusion
        if len(heard) == len(door):
            found = [heard[endpoint] for endpoint in door]
            self._tell(make_answer(next((one for one in found if one.outcome not in _NOBODY_THERE), found[0])))
