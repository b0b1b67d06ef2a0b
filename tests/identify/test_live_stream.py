from __future__ import annotations

import io
import os
from collections.abc import Sequence

import pytest

from doorward.identify.conclusion import Conclusion, Endpoint, Outcome
from doorward.identify.live_stream import ask_as_they_come
from doorward.values.clocks import SystemClock
from doorward.values.transports import Transport
from listeners import V4, closed_port


def doors_of(line: bytes, number: int) -> Sequence[Sequence[Endpoint]]:
    del number
    return [[Endpoint(Transport.TCP, V4, int(word))] for word in line.split()]


def ask(source: io.BufferedIOBase, told: list[Conclusion]) -> None:
    ask_as_they_come(
        source,  # type: ignore[arg-type]
        doors_of=doors_of,
        begin=lambda _: None,
        tell=told.append,
        clock=SystemClock(),
        timeout_s=2,
    )


def test_every_line_is_asked_and_told() -> None:
    told: list[Conclusion] = []
    with closed_port() as first, closed_port() as second:
        ask(io.BytesIO(b"%d %d\n\n%d" % (first, second, first)), told)
    assert sorted(one.endpoint.port for one in told) == sorted([first, first, second])
    assert {one.outcome for one in told} == {Outcome.REFUSED}


def test_a_door_is_told_while_the_writer_still_writes() -> None:
    """The second line is only written when the first one's answer was told."""
    reader, writer = os.pipe()
    told: list[Conclusion] = []
    with closed_port() as port, open(reader, "rb") as source:  # noqa: PTH123  # a descriptor

        def hear(conclusion: Conclusion) -> None:
            told.append(conclusion)
            if len(told) == 1:
                os.write(writer, b"%d\n" % port)
            else:
                os.close(writer)

        os.write(writer, b"%d\n" % port)
        ask_as_they_come(source, doors_of=doors_of, begin=lambda _: None, tell=hear, clock=SystemClock(), timeout_s=2)
    assert len(told) == 2


def test_hundreds_of_doors_of_one_host_wait_for_each_other() -> None:
    told: list[Conclusion] = []
    with closed_port() as port:
        ask(io.BytesIO(b"%d\n" % port * 400), told)
    assert len(told) == 400


def test_what_a_callback_raises_comes_out_as_it_is() -> None:
    def hear(_: Conclusion) -> None:
        raise BrokenPipeError("gone")

    with closed_port() as port, pytest.raises(BrokenPipeError, match="gone"):
        ask_as_they_come(
            io.BytesIO(b"%d\n" % port * 50), doors_of=doors_of, begin=lambda _: None, tell=hear, clock=SystemClock(), timeout_s=2
        )


def test_a_line_without_end_is_cut_and_the_next_one_read() -> None:
    seen: list[int] = []

    def measure(line: bytes, number: int) -> Sequence[Sequence[Endpoint]]:
        seen.append(len(line))
        assert number == len(seen)
        return []

    source = io.BytesIO(b"x" * 1_000_000 + b"\n22\n")
    ask_as_they_come(source, doors_of=measure, begin=lambda _: None, tell=lambda _: None, clock=SystemClock(), timeout_s=2)
    assert seen == [65537, 3]


def test_a_source_that_is_closed_is_an_end() -> None:
    source = io.BytesIO(b"22\n")
    source.close()
    ask(source, [])
