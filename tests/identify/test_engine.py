"""Which attempts a door gets, as a playbook: what was heard, and what is tried next."""

import pytest

from doorward.errors import CallError
from doorward.identify.engine import Attempt, Heard, Plan
from doorward.identify.identity import Identity
from doorward.identify.manners import HUSHED_PORTS, is_hushed
from doorward.identify.probing import Tunnel, Turn
from doorward.values.transports import Transport

TCP, UDP = Transport.TCP, Transport.UDP
HTTP = Identity(service="http", facts={})


def attempts(plan: Plan) -> list[Attempt]:
    """All that a plan would try if nothing were ever heard."""
    found = []
    while (attempt := plan.next_attempt()) is not None:
        found.append(attempt)
    return found


def silent(attempt: Attempt) -> Heard:
    return Heard(attempt=attempt, spoke=attempt.opening, turns=(Turn(b"x", b""),))


def first(plan: Plan) -> Attempt:
    attempt = plan.next_attempt()
    assert attempt is not None
    return attempt


def test_an_unknown_port_gets_the_web_then_tls_then_the_others() -> None:
    tried = attempts(Plan(TCP, 40000))
    assert tried[0] == Attempt(opening="http")
    assert tried[1] == Attempt(opening="http", tls=True)
    assert all(not attempt.tls for attempt in tried[2:])
    assert len(tried) <= 28
    assert len({(attempt.opening, attempt.tls) for attempt in tried}) == len(tried)


def test_what_only_its_frequency_speaks_for_is_a_guess() -> None:
    assert [attempt.is_guess for attempt in attempts(Plan(TCP, 40000))[:3]] == [False, False, True]
    assert not first(Plan(UDP, 53)).is_guess
    assert first(Plan(UDP, 40000)).is_guess


def test_a_refused_datagram_is_not_followed_by_others() -> None:
    plan = Plan(UDP, 40000)
    plan.learn(Heard(attempt=first(plan), trouble="connection refused"))
    assert plan.next_attempt() is None


def test_a_known_port_gets_its_own_first() -> None:
    assert first(Plan(TCP, 6379)).opening == "redis"
    assert first(Plan(TCP, 5432)).opening == "postgresql"
    assert first(Plan(TCP, 22)).waits_for_greeting
    assert not first(Plan(TCP, 8080)).waits_for_greeting


def test_tls_ports_get_tls_first() -> None:
    assert first(Plan(TCP, 443)) == Attempt(opening="http", tls=True)
    inside = first(Plan(TCP, 993))
    assert inside.tls
    assert inside.waits_for_greeting


@pytest.mark.parametrize("port", sorted(HUSHED_PORTS))
def test_printers_and_machines_are_only_listened_to(port: int) -> None:
    assert attempts(Plan(TCP, port)) == [Attempt()]
    assert attempts(Plan(UDP, port)) == []
    assert is_hushed(TCP, port)


def test_an_own_answer_settles_it() -> None:
    plan = Plan(TCP, 40000)
    plan.learn(Heard(attempt=first(plan), spoke="http", turns=(Turn(b"GET", b"HTTP/1.1"),), claim=HTTP, claim_is_its_own=True))
    assert plan.is_settled
    assert plan.next_attempt() is None
    assert plan.best is not None


def test_a_foreign_answer_is_followed_in_its_own_protocol() -> None:
    plan = Plan(TCP, 40000)
    claim = Identity(service="smtp")
    plan.learn(Heard(attempt=first(plan), spoke="http", turns=(Turn(b"GET", b"220 "),), claim=claim))
    assert not plan.is_settled
    assert plan.next_attempt() == Attempt(opening="smtp", waits_for_greeting=True)
    assert plan.next_attempt() is None
    plan.learn(Heard(attempt=Attempt(opening="smtp"), spoke="", claim=claim))
    assert plan.next_attempt() is None  # once is enough


def test_a_wish_for_tls_is_granted() -> None:
    plan = Plan(TCP, 40000)
    claim = Identity(service="http", facts={"wants_tls": True})
    plan.learn(Heard(attempt=first(plan), spoke="http", turns=(Turn(b"GET", b"HTTP/1.1 400"),), claim=claim, claim_is_its_own=True))
    assert not plan.is_settled
    assert attempts(plan) == [Attempt(opening="http", tls=True)]


def test_an_alert_leaves_only_tls() -> None:
    plan = Plan(TCP, 40000)
    plan.learn(Heard(attempt=first(plan), spoke="http", turns=(Turn(b"GET", b"\x15\x03\x01\x00\x02\x02\x46"),)))
    assert all(attempt.tls for attempt in attempts(plan))


def test_inside_a_tunnel_the_others_are_tried_inside() -> None:
    plan = Plan(TCP, 40000)
    plan.learn(silent(first(plan)))
    inside = first(plan)
    plan.find_tunnel(inside, stands=True)
    plan.learn(Heard(attempt=inside, spoke="http", tunnel=Tunnel(version="TLSv1.3"), turns=(Turn(b"GET", b""),)))
    tried = attempts(plan)
    assert tried
    assert all(attempt.tls and attempt.opening != "http" for attempt in tried)


def test_a_greeting_that_nobody_knows_ends_it() -> None:
    plan = Plan(TCP, 40000)
    plan.learn(Heard(attempt=first(plan), turns=(Turn(b"", b"hello"),)))
    assert plan.next_attempt() is None
    assert plan.best is None


def test_the_same_answer_three_times_ends_it() -> None:
    plan = Plan(TCP, 40000)
    for _ in range(3):
        plan.learn(Heard(attempt=first(plan), spoke="x", turns=(Turn(b"x", b"OK\r\n"),)))
    assert plan.next_attempt() is None


def test_hanging_up_unspoken_to_twice_ends_it() -> None:
    plan = Plan(TCP, 40000)
    tried = [first(plan), first(plan), first(plan)]
    for attempt in tried:
        plan.learn(Heard(attempt=attempt, closed=not attempt.tls, trouble="connection reset" if attempt.tls else ""))
    assert plan.next_attempt() is None


def test_only_one_probe() -> None:
    assert attempts(Plan(TCP, 9100, "ssh")) == [
        Attempt(opening="ssh", waits_for_greeting=True),
        Attempt(opening="ssh", tls=True, waits_for_greeting=True),
    ]
    assert attempts(Plan(UDP, 53, "dns")) == [Attempt(opening="dns")]
    with pytest.raises(CallError):
        Plan(TCP, 22, "gopherspace")


def test_udp_asks_its_own_first_and_says_nothing_twice() -> None:
    tried = attempts(Plan(UDP, 53))
    assert tried[0].opening == "dns"
    assert len(tried) == len({attempt.opening for attempt in tried})
