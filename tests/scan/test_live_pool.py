from __future__ import annotations

from collections.abc import Iterator

import pytest

from doorward.scan.live_knocks import CAN_REUSE
from doorward.scan.live_pool import KnockerPool
from doorward.scan.live_readiness import make_readiness
from listeners import closed_port, listening


@pytest.fixture
def pool() -> Iterator[KnockerPool]:
    readiness = make_readiness()
    pool = KnockerPool(readiness)
    yield pool
    pool.close()
    readiness.close()


@pytest.mark.skipif(not CAN_REUSE, reason="only Linux lets a refused socket knock again")
def test_the_knocker_used_last_is_used_next(pool: KnockerPool) -> None:
    one, other = pool.take(4), pool.take(4)
    pool.keep(one)
    pool.keep(other)
    assert pool.take(4) is other
    assert pool.take(6) is not one
    assert pool.take(4) is one


def test_an_idle_knocker_can_be_spared_and_a_busy_one_not(pool: KnockerPool) -> None:
    busy = pool.take(4)
    assert not pool.spare_one()
    pool.keep(busy)
    assert pool.spare_one() is CAN_REUSE
    assert not pool.spare_one()


def test_a_connection_with_somebody_else_is_not_with_ourselves(pool: KnockerPool) -> None:
    with listening(1) as (port,):
        knocker = pool.take(4)
        assert knocker.knock(("127.0.0.1", port)) == 0
        assert not pool.met_ourselves(knocker)


def test_a_refused_knocker_met_nobody(pool: KnockerPool) -> None:
    with closed_port() as port:
        knocker = pool.take(4)
        knocker.knock(("127.0.0.1", port))
        assert not pool.met_ourselves(knocker)


def test_a_knocker_can_be_had_that_knocks_from_another_port(pool: KnockerPool) -> None:
    with closed_port() as port:
        taken = {pool.take_apart_from(4, port).own_port() for _ in range(20)}
        assert port not in taken
        assert len(taken) == 20
        knocker = pool.take_apart_from(6, port)
        bound = knocker.own_port()
        knocker.knock(("::1", port, 0, 0))
        assert knocker.own_port() == bound
        pool.keep(knocker)
        assert pool.take(6) is not knocker, "a bound one isn't used again: its port would stay taken"
