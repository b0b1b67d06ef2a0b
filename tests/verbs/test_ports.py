"""The verb: questions answered, with the holders handed in or asked of the system."""

import socket
from collections.abc import Callable

import pytest

from doorward.errors import CallError, WorldError
from doorward.ports.answer import Asked, Holding
from doorward.values.addresses import ANY_IPV4
from doorward.values.doors import Holder
from doorward.values.transports import Transport
from doorward.verbs.ports import SHOWN, exported_ports, ports, registry_date

Test = Callable[[Transport, int], bool]


def nobody(_: Test) -> list[Holding]:
    return []


def test_a_number_in_all_its_meanings() -> None:
    answer = ports("443", who=nobody)
    (entry,) = answer.entries
    assert (answer.asked, entry.name, entry.first) == (Asked.NUMBERS, "https", 443)
    assert [note.name for note in entry.notes] == ["https"]
    assert answer.holders == ""


def test_a_range_is_told_together() -> None:
    (entry,) = ports("6000-6063", who=nobody).entries
    assert (entry.first, entry.last, entry.name) == (6000, 6063, "x11")


def test_all_ports_at_once() -> None:
    answer = ports("0-65535", who=nobody)
    assert answer.entries[0].first == 0
    assert answer.entries[-1].last == 65535
    assert 5000 < len(answer.entries) < 12000


def test_a_search_shows_the_best() -> None:
    answer = ports("mail", who=nobody)
    assert answer.asked is Asked.WORDS
    assert answer.found > SHOWN
    assert len(answer.entries) <= SHOWN + 5
    assert len(ports("mail", everything=True, who=nobody).entries) >= answer.found
    numbers = [(entry.first, entry.last) for entry in answer.entries if entry.first >= 0]
    assert len(numbers) == len(set(numbers))


def test_a_name_can_be_searched_for() -> None:
    assert len(ports("ssh", search_only=True, who=nobody).entries) > 1


def test_nothing_asked_counts_what_is_known() -> None:
    answer = ports("", who=nobody)
    assert answer.asked is Asked.NOTHING
    assert answer.counts is not None


@pytest.mark.parametrize(("text", "near"), [("postgers", "postgres"), ("qqqqqqqqqq", "other words")])
def test_no_match_is_a_wrong_call(text: str, near: str) -> None:
    with pytest.raises(CallError, match=near):
        ports(text, who=nobody)


def test_only_the_ports_asked_for_are_looked_up() -> None:
    seen: list[bool] = []

    def who(is_wanted: Test) -> list[Holding]:
        seen.extend(
            [is_wanted(Transport.TCP, 22), is_wanted(Transport.UDP, 53), is_wanted(Transport.TCP, 53), is_wanted(Transport.TCP, 21)]
        )
        return [Holding(Transport.TCP, ANY_IPV4, 22, Holder(user="root"))]

    answer = ports("T:22,U:53", who=who)
    assert seen == [True, True, False, False]
    assert "root only" in answer.holders
    assert answer.entries[0].held_by[0].holder.user == "root"


def test_a_refusal_is_told_and_nothing_else_is_lost() -> None:
    def who(_: Test) -> list[Holding]:
        raise WorldError("read the sockets", why="the kernel said no")

    answer = ports("22", who=who)
    assert "the kernel said no" in answer.holders
    assert answer.entries[0].name == "ssh"


def test_our_own_socket_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (entry,) = ports(f"T:{port}").entries
    assert [(str(one.address), one.port) for one in entry.held_by] == [("127.0.0.1", port)]
    assert entry.held_by[0].holder.pid


def test_exports() -> None:
    assert len(exported_ports("")) > 9000
    assert {row.name for row in exported_ports("T:22")} >= {"ssh"}
    assert {row.name for row in exported_ports("airdrop")} >= {"airdrop"}
    assert registry_date().startswith("20")
