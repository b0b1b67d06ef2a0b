"""The live view of all sockets: what is there, what is new, what is gone; explains the line under the cursor.

Looking takes longer than a screen may wait, so it is done in one thread of its own, which also sorts and filters; the screen gets a
finished picture. `Looks` is all that the view asks of the world.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Input, Static

from doorward.errors import DoorwardError
from doorward.report.quantities import count
from doorward.report.socket_words import explain_socket
from doorward.sockets.answer import PortNames, iter_records
from doorward.tui.looks import Looks, take_closed
from doorward.tui.socket_lines import SocketLines
from doorward.tui.watch_model import Mark, Moment, WatchModel
from doorward.tui.watch_picture import Order, Picture, arrange_rows
from doorward.tui.watch_rows import columns_for, title_cells
from doorward.values.clocks import Clock, format_moment
from doorward.values.printable import printable
from doorward.verbs.sockets import read_filter, see_table

__all__ = ["WatchApp"]


class WatchApp(App[None]):
    """Looks every few seconds and shows what changed."""

    CSS = """
    #head, #titles { height: 1; }
    #head { background: $primary-darken-2; color: $text; }
    SocketLines { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    #explain { height: auto; max-height: 14; border-top: solid $primary; padding: 0 1; display: none; }
    #filter { display: none; height: 3; }
    #complaint { height: auto; max-height: 3; color: $error; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("s", "sort", "sort"),
        Binding("space,p", "pause", "pause", key_display="space"),
        Binding("e,enter", "explain", "explain", key_display="e"),
        Binding("escape", "leave_filter", "back", show=False),
        Binding("q,ctrl+c", "quit", "quit", key_display="q"),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        make_looks: Callable[[], Looks],
        clock: Clock,
        *,
        seconds: float = 1.0,
        words: Sequence[str] = (),
        name_of: PortNames,
    ) -> None:
        super().__init__()
        self._make_looks = make_looks
        self._clock = clock
        self._seconds = seconds
        self._filter = read_filter(words)
        self._name_of = name_of
        self._order = Order.DOOR
        self._paused = False
        self._failed = False  # the last look did
        self._model = WatchModel()
        self._looks: Looks | None = None
        self._moment: Moment | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="doorward-looks")
        self._busy = asyncio.Lock()

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield Static(id="head", markup=False)
        yield Static(id="titles", markup=False)
        yield SocketLines(id="lines")
        with VerticalScroll(id="explain"):
            yield Static(id="words", markup=False)
        yield Static(id="complaint", markup=False)
        yield Input(self._filter.text, placeholder="port 443 and not local", id="filter")
        yield Footer()

    async def on_mount(self) -> None:
        """Begin to look."""
        self.query_one(SocketLines).focus()
        self.set_interval(self._seconds, self._tick)
        self.run_worker(self.look(), exclusive=False)

    async def on_unmount(self) -> None:
        """Give the kernel's sockets back."""
        if self._looks is not None:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._looks.close)
        self._pool.shutdown(wait=False)

    def _tick(self) -> None:
        if not self._paused and not self._busy.locked():
            self.run_worker(self.look(), exclusive=False)

    async def look(self) -> None:
        """Look once and show it."""
        await self._work(self._take, from_top=False)

    async def rearrange(self) -> None:
        """Show the last look with another filter or order."""
        if self._moment is not None:
            await self._work(self._arrange, from_top=True)

    async def _work(self, task: Callable[[], Picture], *, from_top: bool) -> None:
        async with self._busy:
            try:
                picture = await asyncio.get_running_loop().run_in_executor(self._pool, task)
            except DoorwardError as error:
                self._complain(str(error))
                self._failed = True
                return
        if self._failed:
            self._failed = False
            self._complain("")
        self.query_one(SocketLines).show(picture, from_top=from_top)
        self._draw_head(picture)

    def _take(self) -> Picture:
        """In the looking thread: read, compare, choose and sort."""
        if self._looks is None:
            self._looks = self._make_looks()
        table = self._looks.refresh()
        self._moment = self._model.advance(table, take_closed(self._looks, self._model), self._clock.now())
        return self._arrange()

    def _arrange(self) -> Picture:
        assert self._moment is not None
        sight = see_table(self._moment.table, self._filter, hide_own=False)
        return arrange_rows(self._moment, sight.roles, sight.chosen, self._filter, self._order)

    def _draw_head(self, picture: Picture) -> None:
        shown, whole = len(picture.rows), len(picture.moment.table)
        parts = [count(shown, "socket") if shown == whole else f"{shown:,} of {count(whole, 'socket')}"]
        parts += [f"{picture.count(Mark.NEW):,} new", f"{picture.count(Mark.GONE):,} gone", picture.order.value]
        parts += ["PAUSED" if self._paused else format_moment(picture.moment.at)[-8:]]
        parts += [f"{self._looks.lost:,} closings missed"] if self._looks is not None and self._looks.lost else []
        parts += [f"filter: {printable(picture.filter.text, 60)}"] if picture.filter.text else []
        self.query_one("#head", Static).update(Text(" " + " · ".join(parts), no_wrap=True, overflow="ellipsis"))
        columns = columns_for(self.query_one(SocketLines).scrollable_content_region.width)
        self.query_one("#titles", Static).update(Text.assemble(*title_cells(columns), no_wrap=True, overflow="crop"))

    def on_socket_lines_chosen(self) -> None:
        """Explain the line that the cursor came to."""
        pane = self.query_one("#explain", VerticalScroll)
        lines = self.query_one(SocketLines)
        if not pane.display or lines.picture is None or lines.chosen_row is None:
            return
        picture, row = lines.picture, lines.chosen_row
        record = next(iter(iter_records(picture.moment.table, picture.roles, [row], self._name_of)))
        first, *others = explain_socket(record)
        words = Text.assemble((first, "bold"), *(f"\n{sentence}" for sentence in others))
        if row < len(picture.moment.gone):
            gone = picture.moment.gone[row]
            words.append(f"\nGone since {format_moment(gone.at)[-8:]}; the figures are its totals.", "bold")
            if gone.unseen:
                words.append(
                    " It came and went between two looks" + (", so its process is inferred from its port." if gone.guessed else ".")
                )
        self.query_one("#words", Static).update(words)

    def action_explain(self) -> None:
        """Open or close the explanation."""
        pane = self.query_one("#explain", VerticalScroll)
        pane.display = not pane.display
        self.on_socket_lines_chosen()

    def action_sort(self) -> None:
        """Go on to the next order."""
        self._order = self._order.following
        self.run_worker(self.rearrange(), exclusive=False)

    def action_pause(self) -> None:
        """Stand still, or go on."""
        self._paused = not self._paused
        picture = self.query_one(SocketLines).picture
        if picture is not None:
            self._draw_head(picture)

    def action_filter(self) -> None:
        """Ask for a filter."""
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    def action_leave_filter(self) -> None:
        """Put the filter's field away and keep the filter as it was."""
        field = self.query_one("#filter", Input)
        field.value = self._filter.text
        field.display = False
        self._complain("")
        self.query_one(SocketLines).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the filter that was written, or say why it can't be read."""
        try:
            self._filter = read_filter([event.value])
        except DoorwardError as error:
            self._complain(str(error))
            return
        self.action_leave_filter()
        self.run_worker(self.rearrange(), exclusive=False)

    def _complain(self, message: str) -> None:
        complaint = self.query_one("#complaint", Static)
        complaint.update(Text(printable(message)))
        complaint.display = bool(message)
