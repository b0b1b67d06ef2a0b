from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest

from doorward.scan.live_readiness import Readiness, SelectorReadiness, make_readiness
from listeners import listening

CONTRACT = [make_readiness, SelectorReadiness]


@pytest.fixture(params=CONTRACT, ids=["quickest", "portable"])
def readiness(request: pytest.FixtureRequest) -> Iterator[Readiness]:
    make: Callable[[], Readiness] = request.param
    readiness = make()
    yield readiness
    readiness.close()


def test_a_decided_connection_is_told(readiness: Readiness) -> None:
    with listening(1) as (port,), socket.socket() as caller:
        caller.setblocking(False)
        caller.connect_ex(("127.0.0.1", port))
        readiness.watch(caller.fileno())
        assert readiness.wait(5) == [caller.fileno()]
        readiness.forget(caller.fileno())


def test_watching_twice_and_forgetting_a_stranger_are_harmless(readiness: Readiness) -> None:
    with listening(1) as (port,), socket.create_connection(("127.0.0.1", port)) as caller:
        readiness.watch(caller.fileno())
        readiness.watch(caller.fileno())
        assert readiness.wait(5) == [caller.fileno()]
        readiness.forget(caller.fileno())
        readiness.forget(10**6)


def test_looking_without_waiting(readiness: Readiness) -> None:
    assert readiness.wait(0) == []


def test_a_closed_descriptors_number_can_be_watched_anew(readiness: Readiness) -> None:
    with listening(1) as (port,):
        numbers = set()
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port)) as caller:
                numbers.add(caller.fileno())
                readiness.watch(caller.fileno())
                assert readiness.wait(5) == [caller.fileno()]
                readiness.forget(caller.fileno())
    assert len(numbers) == 1
