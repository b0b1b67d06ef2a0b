"""The live view, played on a stage without a terminal."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, Static

from doorward.errors import WorldError
from doorward.sockets.closed_sockets import ClosedSocket
from doorward.tui.socket_lines import SocketLines
from doorward.tui.watch import WatchApp
from doorward.values.clocks import ManualClock
from doorward.verbs.sockets import name_of
from made_sockets import AT, made, pair, table
from prepared_looks import PreparedLooks

DOOR = made("0.0.0.0:5432", pid=10, process="postgres")
SERVER, CLIENT = pair("127.0.0.1:5432", "127.0.0.1:40000", rtt_us=30)
GONE = ClosedSocket(
    AT, made("127.0.0.1:5432", "127.0.0.1:9", "close", cookie=99, pid=10, process="postgres", bytes_received=1234), guessed=True
)
HOSTILE = made("0.0.0.0:81", pid=66, process="[red]x[/]\x1b[2J")
Play = Callable[[WatchApp, Pilot[None]], Coroutine[Any, Any, None]]


def played(looks: PreparedLooks, play: Play, *words: str, seconds: float = 3600) -> None:
    async def run() -> None:
        app = WatchApp(lambda: looks, ManualClock(AT), seconds=seconds, words=words, name_of=name_of)
        async with app.run_test(size=(100, 30)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            await play(app, pilot)
        assert looks.is_closed

    asyncio.run(run())


def text_of(app: WatchApp, name: str) -> str:
    return str(app.query_one(name, Static).render())


def is_shown(widget: Widget) -> bool:
    return bool(widget.display)


def rows_of(app: WatchApp) -> list[str]:
    lines = app.query_one(SocketLines)
    return [lines.render_line(y).text for y in range(lines.count)]


async def settled(app: WatchApp, pilot: Pilot[None]) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()


def test_a_look_is_shown_and_the_next_one_marks_what_changed() -> None:
    async def play(app: WatchApp, pilot: Pilot[None]) -> None:
        assert "1 socket · 0 new · 0 gone · by door" in text_of(app, "#head")
        await app.look()
        await pilot.pause()
        assert "4 sockets · 2 new · 1 gone" in text_of(app, "#head")
        rows = rows_of(app)
        assert [row[:2] for row in rows] == ["  ", "- ", "+ ", "+ "]
        assert "client 20" in rows[3]

    played(PreparedLooks(table(DOOR), (table(DOOR, SERVER, CLIENT), [GONE])), play)


def test_the_line_under_the_cursor_is_explained() -> None:
    async def play(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        assert "waiting (LISTEN)" in text_of(app, "#words")
        await pilot.press("down")
        words = text_of(app, "#words")
        assert "came and went between two looks, so its process is inferred" in words
        assert "Received 1.2 kB" in words
        await pilot.press("down")
        assert "This end is the server: a socket waits for callers on its port 5432 (measured)." in text_of(app, "#words")
        await pilot.press("enter")
        assert not app.query_one("#explain", VerticalScroll).display

    played(PreparedLooks((table(DOOR, SERVER, CLIENT), [GONE])), play)


def test_a_filter_is_asked_for_and_a_wrong_one_is_answered() -> None:
    async def play(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("slash")
        field = app.query_one("#filter", Input)
        assert is_shown(field)
        field.value = "prot 5432"
        await pilot.press("enter")
        assert "Did you mean 'port'" in text_of(app, "#complaint")
        field.value = "process client"
        await pilot.press("enter")
        await settled(app, pilot)
        assert not is_shown(app.query_one("#complaint", Static))
        assert not is_shown(field)
        assert "1 of 3 sockets" in text_of(app, "#head")
        assert "filter: process client" in text_of(app, "#head")
        await pilot.press("slash", "escape")
        assert not is_shown(field)

    played(PreparedLooks(table(DOOR, SERVER, CLIENT)), play)


def test_sorting_and_standing_still() -> None:
    async def play(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("s")
        await settled(app, pilot)
        assert "newest first" in text_of(app, "#head")
        await pilot.press("space")
        assert "PAUSED" in text_of(app, "#head")

    played(PreparedLooks(table(DOOR, SERVER)), play)


def test_it_looks_by_itself_until_it_is_paused() -> None:
    looks = PreparedLooks(table(DOOR))

    async def play(app: WatchApp, pilot: Pilot[None]) -> None:
        async with asyncio.timeout(20):
            while looks.taken < 3:
                await pilot.pause(0.02)
        await pilot.press("p")
        await settled(app, pilot)
        taken = looks.taken
        await pilot.pause(0.1)
        assert looks.taken == taken

    played(looks, play, seconds=0.02)


def test_a_look_that_fails_is_said_and_the_next_one_tried() -> None:
    async def play(app: WatchApp, pilot: Pilot[None]) -> None:
        assert "cannot read the sockets: the kernel said no" in text_of(app, "#complaint")
        await app.look()
        assert not is_shown(app.query_one("#complaint", Static))
        assert len(rows_of(app)) == 1

    played(PreparedLooks(WorldError("read the sockets", why="the kernel said no"), table(DOOR)), play)


def test_hostile_names_draw_nothing() -> None:
    async def play(app: WatchApp, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        (row,) = rows_of(app)
        assert "[red]x[/]\\x1b" in row
        assert "\x1b" not in row
        assert "[red]x[/]\\x1b[2J" in text_of(app, "#words")

    played(PreparedLooks(table(HOSTILE)), play)


def test_words_of_the_command_line_are_the_first_filter() -> None:
    async def play(app: WatchApp, pilot: Pilot[None]) -> None:
        assert len(rows_of(app)) == 2
        await pilot.press("q")

    played(PreparedLooks(table(DOOR, SERVER, CLIENT)), play, "local", "port", "5432")


def test_a_hundred_thousand_sockets_are_a_list_like_any_other() -> None:
    import numpy as np

    one = table(SERVER)
    many = one.select(np.zeros(100_000, np.intp)).replaced(cookie=np.arange(1, 100_001, dtype=np.uint64))

    async def play(app: WatchApp, pilot: Pilot[None]) -> None:
        assert "100,000 sockets" in text_of(app, "#head")
        await pilot.press("end", "pageup", "home")
        assert app.query_one(SocketLines).cursor == 0

    played(PreparedLooks(many), play)
