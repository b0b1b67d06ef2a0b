"""When lines that were prepared beforehand are said: who speaks first decides. Pure; knows no line and no socket.

A server that greets talks in turns: Exim hangs up on a caller who doesn't wait for its answers (RFC 5321 §4.3.1 demands the waiting).
A server that waits gets all that there is at once, because a request may have many lines.
"""

from __future__ import annotations

from typing import Final

__all__ = ["Turns"]

#: An answer has ended when this long nothing came.
_ANSWERED_S: Final = 0.15
#: For an answer this long is waited before the next line is said all the same.
_UNANSWERED_S: Final = 2.0


class Turns:
    """Tell it what happens; ask `may_speak`, and `wait_s` for how long until it must be asked again. Times are monotonic seconds."""

    def __init__(self, now_s: float, *, greeting_s: float) -> None:
        self._began_s = now_s
        self._greeting_s = greeting_s
        self._greeted = False
        self._all_at_once = False
        self._said_s: float | None = None
        self._heard_s: float | None = None

    def heard(self, now_s: float) -> None:
        """The far end said something."""
        self._heard_s = now_s
        self._greeted = self._greeted or (self._said_s is None and not self._all_at_once)

    def said(self, now_s: float) -> None:
        """We said a line."""
        self._said_s = now_s
        self._heard_s = None

    def may_speak(self, now_s: float) -> bool:
        """Whether the next line may be said now."""
        if self._all_at_once:
            return True
        if not self._greeted:
            self._all_at_once = now_s - self._began_s >= self._greeting_s
            return self._all_at_once
        if self._heard_s is not None:
            return now_s - self._heard_s >= _ANSWERED_S
        return self._said_s is not None and now_s - self._said_s >= _UNANSWERED_S

    def wait_s(self, now_s: float) -> float:
        """How long until `may_speak` can change its mind, if nothing happens before."""
        if self._all_at_once:
            return 0.0
        if not self._greeted:
            return max(0.0, self._began_s + self._greeting_s - now_s)
        since, patience_s = (self._heard_s, _ANSWERED_S) if self._heard_s is not None else (self._said_s, _UNANSWERED_S)
        return max(0.0, (since if since is not None else now_s) + patience_s - now_s)
