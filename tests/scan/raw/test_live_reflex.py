from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

from doorward.scan.raw.live_reflex import reflex_doors, visit
from doorward.scan.raw.reflex import Exchange
from doorward.values.addresses import Address

HERE = Address.parse("127.0.0.1")


@contextlib.contextmanager
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_kernel_takes_data_for_whoever_listens() -> None:
    with listening() as port:
        assert asyncio.run(visit(HERE, port, 0.2)) == Exchange(connected=True, acknowledged=True)
    assert asyncio.run(visit(HERE, port, 0.2)) == Exchange()


def test_doors_of_a_host_that_refuses_ports_drawn_by_lot_are_open() -> None:
    with listening() as port:
        assert reflex_doors([(HERE, [port])], 1) == set()
