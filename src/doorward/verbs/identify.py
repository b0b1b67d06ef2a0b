"""What answers at given doors: reads what was asked for, minds the consent, and lets the doors be talked to."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from doorward.errors import CallError
from doorward.identify.answer import IdentifyAnswer, make_answer
from doorward.identify.asked import parse_asked
from doorward.identify.catalog import all_probes, probe_named
from doorward.identify.conclusion import Conclusion, Endpoint, Outcome
from doorward.identify.live_talk import DEFAULT_TIMEOUT_S, ask_doors
from doorward.identify.second_opinion import SecondOpinion
from doorward.ports.live_list import find_name
from doorward.scan.consent import consented
from doorward.scan.live_descriptors import raise_descriptor_limit
from doorward.scan.live_names import own_address_memory, resolve_name
from doorward.scan.spans import Span
from doorward.scan.targets import TargetSet
from doorward.values.clocks import Clock

if TYPE_CHECKING:
    from doorward.identify.fingerprints.library import Library

__all__ = ["Known", "identify", "installed_fingerprints", "known_protocols"]

#: A protocol that can be recognised: its name, what it is for, its usual ports, its standard.
Known = tuple[str, str, tuple[int, ...], str]

_NOBODY_THERE = (Outcome.REFUSED, Outcome.UNREACHABLE)


def identify(
    words: Sequence[str],
    *,
    clock: Clock,
    tell: Callable[[IdentifyAnswer], None],
    timeout_s: float = DEFAULT_TIMEOUT_S,
    only: str = "",
    may_scan_public: bool = False,
) -> None:
    """Ask each door, and ``tell`` each answer as it is found; of a name with several addresses the first that answers counts.

    Raises `CallError` for a door or probe that can't be read, and for public addresses without the caller's word.
    """
    if not words:
        raise CallError("identify", why="no door was named", remedy="Write a host and a port: doorward identify 192.0.2.1:22")
    asked = parse_asked(words, resolve_name, find_name)
    _refuse_strange_transport(only, asked)
    consented(
        TargetSet(Span.of(endpoint.address) for door in asked for endpoint in door), given=may_scan_public, is_own=own_address_memory()
    )
    raise_descriptor_limit()  # several lines at each of hundreds of doors
    gathering = _Gathering(asked, tell)
    ask_doors(
        [endpoint for door in asked for endpoint in door], clock=clock, timeout_s=timeout_s, only=only, verify=True, tell=gathering.hear
    )


def _refuse_strange_transport(only: str, asked: Sequence[Sequence[Endpoint]]) -> None:
    """Raise `CallError` for a probe that there isn't, or that isn't spoken over an asked door's transport."""
    probe = probe_named(only) if only else None
    strange = [endpoint.transport for door in asked for endpoint in door if probe and endpoint.transport not in probe.TRANSPORTS]
    if strange:
        raise CallError("speak", only, why=f"it is not spoken over {strange[0]}", remedy="Leave --only out, or ask another door.")


def known_protocols() -> list[Known]:
    """What can be recognised, by name."""
    return [(probe.NAME, probe.TITLE, probe.USUAL_PORTS, probe.SOURCE) for probe in all_probes().values()]


def installed_fingerprints() -> Library | None:
    """The fingerprints that the user has installed; imported when a door has said something that they could be about."""
    from doorward.identify.fingerprints.live_fingerprints import fingerprints_path, open_library

    return open_library(fingerprints_path(os.environ, Path.home()))


class _Gathering:
    """Joins the conclusions about one door at several addresses into one answer."""

    def __init__(self, asked: Sequence[Sequence[Endpoint]], tell: Callable[[IdentifyAnswer], None]) -> None:
        self._doors = {endpoint: list(door) for door in asked for endpoint in door}
        self._heard: dict[Endpoint, Conclusion] = {}
        self._tell = tell
        self._opinion = SecondOpinion(installed_fingerprints)

    def hear(self, conclusion: Conclusion) -> None:
        """Take in one conclusion; tell the door's when it was the last one."""
        self._heard[conclusion.endpoint] = self._opinion(conclusion)
        door = self._doors[conclusion.endpoint]
        if all(endpoint in self._heard for endpoint in door):
            found = [self._heard[endpoint] for endpoint in door]
            self._tell(make_answer(next((one for one in found if one.outcome not in _NOBODY_THERE), found[0])))
