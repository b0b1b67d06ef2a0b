"""A list of sockets of any length, of which only the lines on the screen are ever made."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from doorward.tui.watch_picture import Picture
from doorward.tui.watch_rows import columns_for, row_cells

__all__ = ["SocketLines"]


class SocketLines(ScrollView, can_focus=True):
    """Shows a `Picture`; the line under the cursor follows its socket, wherever that moves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home,g", "move(-1000000000)", "first", show=False),
        Binding("end,G", "move(1000000000)", "last", show=False),
    ]

    class Chosen(Message):
        """Another line is under the cursor."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.picture: Picture | None = None
        self.cursor = 0

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.picture.rows) if self.picture is not None else 0

    @property
    def chosen_row(self) -> int | None:
        """The row of the moment's table under the cursor."""
        if self.picture is None or not self.count:
            return None
        return int(self.picture.rows[self.cursor])

    def show(self, picture: Picture, *, from_top: bool = False) -> None:
        """Show another picture; the cursor's socket keeps its line of the screen as long as it is there, unless told otherwise."""
        if from_top:
            self.cursor = 0
            self.scroll_to(y=0, animate=False)
        key = int(self.picture.keys[self.cursor]) if self.picture is not None and self.count else None
        line = self.cursor - self.scroll_offset.y
        self.picture = picture
        self.virtual_size = Size(0, len(picture.rows))
        place = picture.place_of(key)
        follows = place is not None and place != self.cursor and self.cursor > 0
        self.cursor = min(place if place is not None and self.cursor > 0 else self.cursor, max(self.count - 1, 0))
        if follows:
            self.scroll_to(y=max(self.cursor - line, 0), animate=False)
        self.refresh()
        self.post_message(self.Chosen())

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        place = y + self.scroll_offset.y
        if self.picture is None or place >= self.count:
            return Strip.blank(width)
        chosen = Style(reverse=True) if place == self.cursor else Style.null()
        cells = row_cells(self.picture, place, columns_for(width))
        segments = [Segment(text, Style.parse(style) + chosen) for text, style in cells]
        return Strip(segments).extend_cell_length(width, chosen).crop(0, width)

    def action_move(self, lines: int) -> None:
        """Move the cursor, and the window where it must follow."""
        self.cursor = max(0, min(self.cursor + lines, self.count - 1))
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)
        self.refresh()
        self.post_message(self.Chosen())

    def action_page(self, pages: int) -> None:
        """Move by a screen."""
        self.action_move(pages * max(self.size.height - 1, 1))

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse is."""
        self.action_move(event.y + self.scroll_offset.y - self.cursor)
