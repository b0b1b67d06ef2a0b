"""The list: only visible lines are drawn, the cursor follows its socket."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from doorward.tui.socket_lines import SocketLines
from doorward.tui.watch_model import WatchModel
from doorward.tui.watch_picture import Order, Picture, arrange_rows
from doorward.verbs.sockets import read_filter, see_table
from made_sockets import AT, made, table


class Stage(App[None]):
    """The list alone."""

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield SocketLines()


def picture(ports: range) -> Picture:
    moment = WatchModel().advance(table(*(made(f"0.0.0.0:{port}") for port in ports)), [], AT)
    wanted = read_filter([])
    sight = see_table(moment.table, wanted)
    return arrange_rows(moment, sight.roles, sight.chosen, wanted, Order.DOOR)


def on_stage(play: Callable[[Pilot[None], SocketLines], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        app = Stage()
        async with app.run_test(size=(80, 24)) as pilot:
            lines = app.query_one(SocketLines)
            lines.focus()
            await play(pilot, lines)

    asyncio.run(run())


def shown(lines: SocketLines, y: int) -> str:
    return lines.render_line(y).text


def test_moving_through_a_long_list() -> None:
    async def play(pilot: Pilot[None], lines: SocketLines) -> None:
        lines.show(picture(range(1000, 3000)))
        await pilot.pause()
        assert (lines.count, lines.chosen_row) == (2000, 0)
        assert "0.0.0.0:1000" in shown(lines, 0)
        await pilot.press("down", "down", "up")
        assert lines.cursor == 1
        await pilot.press("pagedown")
        assert lines.cursor == 24
        await pilot.press("end")
        await pilot.pause()
        assert lines.cursor == 1999
        assert "0.0.0.0:2999" in shown(lines, 23)
        await pilot.press("home")
        await pilot.pause()
        assert (lines.cursor, lines.scroll_offset.y) == (0, 0)

    on_stage(play)


def test_the_cursor_follows_its_socket() -> None:
    async def play(pilot: Pilot[None], lines: SocketLines) -> None:
        lines.show(picture(range(1000, 1100)))
        await pilot.press("down", "down", "down")
        lines.show(picture(range(990, 1100)))
        await pilot.pause()
        assert lines.picture is not None
        assert lines.picture.moment.table.local_port[lines.chosen_row] == 1003
        assert (lines.cursor, lines.scroll_offset.y) == (13, 10)
        lines.show(picture(range(990, 1000)))
        await pilot.pause()
        assert lines.cursor == 9
        lines.show(picture(range(990, 1100)), from_top=True)
        assert lines.cursor == 0

    on_stage(play)


def test_nothing_to_show() -> None:
    async def play(pilot: Pilot[None], lines: SocketLines) -> None:
        assert lines.chosen_row is None
        assert shown(lines, 0).strip() == ""
        lines.show(picture(range(0)))
        await pilot.press("down", "pageup", "end")
        assert (lines.cursor, lines.chosen_row, shown(lines, 3).strip()) == (0, None, "")

    on_stage(play)


def test_a_click_puts_the_cursor_there() -> None:
    async def play(pilot: Pilot[None], lines: SocketLines) -> None:
        lines.show(picture(range(1000, 1100)))
        await pilot.click(SocketLines, offset=(5, 7))
        assert lines.cursor == 7
        assert np.array_equal(lines.picture.rows if lines.picture else [], np.arange(100))

    on_stage(play)
