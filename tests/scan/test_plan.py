from __future__ import annotations

import itertools
import tracemalloc

from doorward.scan.plan import OTHERS, Plan, Speed, default_speed
from doorward.scan.targets import TargetSet, parse_targets


def targets(*words: str) -> TargetSet:
    return parse_targets(words, lambda _: [])


def test_every_door_comes_once_and_not_in_ascending_order() -> None:
    plan = Plan(targets("10.0.0.0/28", "fd00::1"), tuple(range(20, 40)), key=1, speed=Speed())
    doors = list(plan.doors())
    assert plan.count == len(doors) == len(set(doors)) == 17 * 20
    assert {port for _, port in doors} == set(range(20, 40))
    assert doors != sorted(doors)
    assert doors == list(Plan(plan.targets, plan.ports, key=1, speed=Speed()).doors())


def test_a_plan_of_a_million_million_doors_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        plan = Plan(targets("10.0.0.0/8", "fd00::/64"), tuple(range(65536)), key=5, speed=Speed())
        some = list(itertools.islice(plan.doors(), 2000))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert plan.count == (2**24 + 2**64) * 65536
    assert len(set(some)) == 2000
    assert most < 20_000_000


def test_this_machine_alone_is_scanned_without_a_limit() -> None:
    assert default_speed(targets("localhost", "127.0.0.0/8")) == Speed()
    assert default_speed(targets("127.0.0.1", "10.0.0.1")) is OTHERS


def test_an_estimate_follows_the_slowest_of_its_limits() -> None:
    many = targets("10.0.0.0/24")
    plan = Plan(many, (80,), key=0, speed=Speed(rate=100.0, host_rate=1000.0, knocks=3))
    estimate = plan.estimate(batch=256)
    assert (estimate.knocks_least, estimate.knocks_most) == (256, 768)
    assert estimate.seconds_least == 2.56
    assert estimate.seconds_most == 7.68

    one = Plan(targets("10.0.0.1"), tuple(range(1000)), key=0, speed=Speed(rate=None, host_rate=100.0))
    assert one.estimate(batch=1000).seconds_least == 10.0


def test_silence_takes_as_long_as_the_batch_makes_it() -> None:
    plan = Plan(targets("10.0.0.1"), tuple(range(1000)), key=0, speed=Speed(timeout_s=1.5, knocks=3))
    assert plan.estimate(batch=1000).seconds_most == 4.0
    assert plan.estimate(batch=100).seconds_most == 40.0


def test_the_order_goes_on_anywhere() -> None:
    plan = Plan(parse_targets(["10.0.0.0/28"], lambda _: []), (22, 80, 443), key=5, speed=Speed())
    whole = list(plan.doors())
    assert [list(plan.doors(start)) for start in (0, 7, 48)] == [whole, whole[7:], []]


def test_packets_are_bounded_from_both_sides() -> None:
    """A silent stranger: waits of 1, 1.5 and 1.5 s; the kernel repeats a SYN after one second, so once in each of the last two."""
    estimate = Plan(parse_targets(["10.0.0.1"], lambda _: []), (22,), key=5, speed=Speed()).estimate(10)
    assert (estimate.packets_least, estimate.packets_most) == (1, 5)
