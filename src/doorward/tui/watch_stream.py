"""The live view where no person looks: a record for each socket that comes or goes, for as long as somebody takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from doorward.sockets.answer import PortNames, SocketChange, iter_records
from doorward.sockets.filters import Filter
from doorward.sockets.table import SocketTable
from doorward.tui.gone_rows import table_of_sockets
from doorward.tui.looks import Looks, take_closed
from doorward.tui.watch_model import Moment, WatchModel
from doorward.values.clocks import Clock
from doorward.verbs.sockets import see_table

__all__ = ["changes_of", "iter_changes"]

_MOST: Final = 100_000  # doors and the like that may vanish between two looks


def iter_changes(looks: Looks, wanted: Filter, clock: Clock, wait: Callable[[], object], name_of: PortNames) -> Iterator[SocketChange]:
    """Yield every change, without an end; ``wait`` is called between two looks."""
    model = WatchModel(most_shown=0, most_told=_MOST)
    while True:
        table = looks.refresh()
        yield from changes_of(model.advance(table, take_closed(looks, model), clock.now()), wanted, name_of)
        wait()


def changes_of(moment: Moment, wanted: Filter, name_of: PortNames) -> Iterator[SocketChange]:
    """Yield what came and went since the look before, the new ones first, as far as the filter lets it through."""
    if not len(moment.came) and not moment.went:
        return
    went = sorted(moment.went, key=lambda one: one.at)
    # The gone get their roles beside the living, among whom their doors are.
    both = SocketTable.concatenate([table_of_sockets([one.socket for one in went]), moment.table]) if went else moment.table
    sight = see_table(both, wanted, hide_own=False)
    came = [row for row in (moment.came + len(went)).tolist() if sight.chosen[row]]
    for record in iter_records(both, sight.roles, came, name_of):
        yield SocketChange(at=moment.at, change="new", socket=record)
    gone = [place for place in range(len(went)) if sight.chosen[place]]
    for place, record in zip(gone, iter_records(both, sight.roles, gone, name_of), strict=True):
        one = went[place]
        yield SocketChange(at=one.at, change="gone", unseen=one.unseen, process_guessed=one.guessed, socket=record)
