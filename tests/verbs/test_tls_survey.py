"""The verb's way from words to a surveyed answer, on the test's own doors."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from certificates import server_context
from doorward.errors import CallError
from doorward.identify.answer import IdentifyAnswer
from doorward.values.clocks import SystemClock
from doorward.verbs.tls_survey import identify_and_survey


def page(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.0 200 OK\r\nServer: nginx\r\n\r\nhello")
    writer.close()


class Doors:
    """A TLS door and a plain one, held by a thread of their own."""

    def __init__(self, folder: Path) -> None:
        self.ports: list[int] = []
        self._folder = folder
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._hold()))

    async def _hold(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(lambda *_: None)  # a survey breaks handshakes off
        servers = [await asyncio.start_server(page, "127.0.0.1", 0, ssl=context) for context in (server_context(self._folder), None)]
        self.ports = [server.sockets[0].getsockname()[1] for server in servers]
        self._ready.set()
        await self._done.wait()
        for server in servers:
            server.close()
            await server.wait_closed()

    def __enter__(self) -> Doors:
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()


def test_tls_doors_are_surveyed_and_others_told_as_they_are(tmp_path: Path) -> None:
    answers: list[IdentifyAnswer] = []
    with Doors(tmp_path) as doors:
        identify_and_survey([f"127.0.0.1:{port}" for port in doors.ports], clock=SystemClock(), tell=answers.append)
    facts = {answer.port: answer.facts for answer in answers}
    assert "TLS 1.3" in facts[doors.ports[0]]["tls_versions"]  # type: ignore[operator]
    assert "tls_versions" not in facts[doors.ports[1]]


def test_a_door_must_be_named() -> None:
    with pytest.raises(CallError, match="no door"):
        identify_and_survey([], clock=SystemClock(), tell=lambda _: None)
