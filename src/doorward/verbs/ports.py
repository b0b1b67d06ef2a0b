"""What does this port mean, and who holds it here? The port list and the sockets' owners, put together."""

from __future__ import annotations

import bisect
from collections.abc import Callable

from doorward.errors import CallError, WorldError
from doorward.ports.answer import Asked, Holding, PortEntry, PortsAnswer
from doorward.ports.export import ExportRow, export_rows
from doorward.ports.likely import entry_of
from doorward.ports.live_list import port_list
from doorward.ports.lookup import PortList
from doorward.ports.question import Question, understand
from doorward.ports.search import near_names, search
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

__all__ = ["SHOWN", "WhoHolds", "exported_ports", "ports", "registry_date"]

#: Best matches of a search that are shown when not all are asked for: a screen full.
SHOWN = 25

#: From a test of doors to the sockets of this machine that listen on them.
WhoHolds = Callable[[Callable[[Transport, int], bool]], list[Holding]]


def ports(
    text: str, *, search_only: bool = False, everything: bool = False, known: PortList | None = None, who: WhoHolds | None = None
) -> PortsAnswer:
    """Answer a question about ports: numbers and ranges, a service's name, or words to search for.

    ``search_only`` takes a name for words; ``everything`` gives all matches of a search and not the best alone. Raises `CallError` for
    numbers that are none and for words that nothing holds.
    """
    listed = known or port_list()
    question = understand(text, listed, search=search_only)
    if question.asked is Asked.NOTHING:
        return PortsAnswer(question="", asked=Asked.NOTHING, entries=[], found=0, counts=listed.counts())
    spans = _spans(question, listed)
    chosen = spans if everything or question.asked is not Asked.WORDS else spans[:SHOWN]
    holdings, missing = _holdings(who or _holders_here, chosen)
    holdings.sort(key=_port_of)
    entries = [entry for span in chosen for entry in _entries(listed, span, holdings)]
    found = len(spans) if question.asked is Asked.WORDS else len(entries)
    return PortsAnswer(question=question.text, asked=question.asked, entries=entries, found=found, holders=missing)


def exported_ports(text: str, *, search_only: bool = False, known: PortList | None = None) -> list[ExportRow]:
    """Return the rows of an export: everything where nothing is asked, else what the question means."""
    listed = known or port_list()
    question = understand(text, listed, search=search_only)
    if question.asked is Asked.NOTHING:
        return export_rows(listed)
    wanted = PortSet()
    names: set[str] = set()
    for span in _spans(question, listed):
        wanted |= span.ports
        names.add(span.name)
    return export_rows(listed, wanted, names - {""})


def registry_date() -> str:
    """Return the date of the newest change in our copy of the registry."""
    return port_list().published


class _Span:
    """One result: ports to tell of together, or a name without a number."""

    def __init__(self, ports: PortSet, name: str = "") -> None:
        self.ports = ports
        self.name = name


def _spans(question: Question, listed: PortList) -> list[_Span]:
    if question.asked is not Asked.WORDS:
        return [_Span(question.ports)]
    spans: list[_Span] = []
    told: set[int] = set()
    for hit in search(listed, question.text):
        numbers = set(range(hit.first, hit.last + 1)) if hit.first >= 0 else set()
        if not hit.name and numbers <= told:
            continue  # a better match has told of these numbers already
        told |= numbers
        spans.append(_Span(PortSet((t, hit.first, hit.last) for t in Transport) if not hit.name else PortSet(), hit.name))
    if not spans:
        near = near_names(listed, question.text)
        remedy = f"Known and spelt alike: {', '.join(near)}." if near else "Ask with a number, a service's name, or other words."
        raise CallError("find a port for", question.text, why="no name, note or description holds it", remedy=remedy)
    return spans


def _entries(listed: PortList, span: _Span, holdings: list[Holding]) -> list[PortEntry]:
    if span.name:
        return [entry_of(known) for known in listed.known_names(span.name)]
    # All ports at once are seven thousand entries: each is handed its own holders, not all of them.
    return [
        entry_of(
            known,
            holdings[bisect.bisect_left(holdings, known.first, key=_port_of) : bisect.bisect_right(holdings, known.last, key=_port_of)],
        )
        for known in listed.known(span.ports)
    ]


def _port_of(holding: Holding) -> int:
    return holding.port


def _holdings(who: WhoHolds, spans: list[_Span]) -> tuple[list[Holding], str]:
    """Ask who holds the ports; returns them and, in words, what could not be seen."""
    test = _membership([span.ports for span in spans])
    try:
        found = who(test)
    except (WorldError, OSError) as error:
        return [], f"Who holds it here is unknown: {error}"
    if any(holding.holder.pid is None for holding in found):
        return found, "Which process holds a socket of another user is shown to root only."
    return found, ""


def _membership(sets: list[PortSet]) -> Callable[[Transport, int], bool]:
    ranges = PortSet(item for ports in sets for item in ports.ranges).ranges
    firsts = {t: [low for own, low, _ in ranges if own is t] for t in Transport}
    lasts = {t: [high for own, _, high in ranges if own is t] for t in Transport}

    def is_wanted(transport: Transport, port: int) -> bool:
        place = bisect.bisect_right(firsts[transport], port) - 1
        return place >= 0 and port <= lasts[transport][place]

    return is_wanted


def _holders_here(is_wanted: Callable[[Transport, int], bool]) -> list[Holding]:
    from doorward.sockets.live_port_holders import holders_of_ports

    return [Holding(door.transport, door.address, door.port, door.holder) for door in holders_of_ports(is_wanted)]
