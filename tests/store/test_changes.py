"""What happened between two audits; and three things that look like a change and aren't."""

from __future__ import annotations

import pytest

from doorward.store.answers import ChangeKind, DoorChange
from doorward.store.changes import changes_between, folded
from doorward.store.coverage import Coverage
from doorward.store.intervals import Ending, Interval
from doorward.store.testimony import Passing
from doorward.values.evidence import Fact
from doorward.values.verdicts import Attention
from memories import door, interval, look

SSH = "tcp/0.0.0.0:22"
HERE = "tcp/127.0.0.1:22"
LOOKED = [(1, look("socket")), (1, look("probe"))]
BASE = 5  # entries up to 5 are the earlier audit's and before


def listens(where: str = SSH, *, opened: int = 1, closed: int | None = None, ending: Ending | None = None, **facts: Fact) -> Interval:
    ending = ending or (Ending.ABSENT if closed is not None else None)
    return interval(where, opened=opened, closed=closed, ending=ending, facts={"process": "sshd", "user": "root", **facts})


def probe(says: str, where: str = HERE, *, opened: int = 1, closed: int | None = None, ending: Ending | None = None) -> Interval:
    return interval(
        where, "probe", says=says, opened=opened, closed=closed, ending=ending or (Ending.OTHERWISE if closed else None), vantage="here"
    )


def verdict(kind: str, attention: str = "fine", *findings: str, opened: int = 1, closed: int | None = None) -> Interval:
    facts: dict[str, Fact] = {"attention": attention, "findings": list(findings)}
    ending = Ending.OTHERWISE if closed else None
    return interval(
        SSH, "verdict", says=kind, opened=opened, closed=closed, ending=ending, facts=facts, passing=Passing(f"It is a {kind}.")
    )


def identity(says: str, *, opened: int = 1, closed: int | None = None, ending: Ending | None = None, **facts: Fact) -> Interval:
    return interval(
        HERE, "identity", says=says, opened=opened, closed=closed, ending=ending or (Ending.OTHERWISE if closed else None), facts=facts
    )


def told(*intervals: Interval, looked: list[tuple[int, object]] | None = None) -> list[DoorChange]:
    return changes_between(intervals, BASE, LOOKED if looked is None else looked)  # type: ignore[arg-type]


def only(*intervals: Interval) -> DoorChange:
    found = told(*intervals)
    assert len(found) == 1
    return found[0]


def test_a_door_that_was_not_there_before_appeared_with_holder_identity_and_verdict() -> None:
    one = only(
        listens(opened=6), probe("open", opened=6), identity("OpenSSH 9.2p1", opened=6), verdict("unused door", "needs you", opened=6)
    )
    assert (one.door, one.kinds, one.differences) == (door(SSH), [ChangeKind.APPEARED], [])
    assert (one.holder, one.identity, one.verdict, one.attention) == (
        "sshd, user root",
        "OpenSSH 9.2p1",
        "unused door",
        Attention.NEEDS_YOU,
    )
    assert one.sentence == "It is a unused door."


def test_a_door_that_nobody_had_looked_for_did_not_appear() -> None:
    assert told(listens(opened=6), looked=[])[0].kinds == [ChangeKind.FIRST_LOOK]
    assert told(listens(opened=6), looked=[(6, look("socket"))])[0].kinds == [ChangeKind.FIRST_LOOK]
    assert told(listens(opened=6), looked=[(1, look("socket", Coverage("laptop#web")))])[0].kinds == [ChangeKind.FIRST_LOOK]


def test_a_door_that_is_no_longer_there_went() -> None:
    one = only(listens(closed=6), probe("open", closed=6, ending=Ending.DOOR_GONE), verdict("real door", "needs you", closed=6))
    assert (one.kinds, one.holder, one.verdict, one.attention) == ([ChangeKind.WENT], "sshd, user root", "real door", None)
    assert one.is_gone


def test_what_came_and_went_in_between_is_told() -> None:
    assert only(listens(opened=6, closed=7)).kinds == [ChangeKind.CAME_AND_WENT]


def test_a_door_that_was_away_is_told_as_such() -> None:
    one = only(listens(closed=6), listens(opened=7))
    assert one.kinds == [ChangeKind.WAS_AWAY]


def test_another_holder_changed_hands() -> None:
    one = only(listens(closed=6, ending=Ending.OTHERWISE), listens(opened=6, process="nc", user="www-data"))
    assert one.kinds == [ChangeKind.CHANGED_HANDS]
    assert [(each.what, each.before, each.after) for each in one.differences] == [("process", "sshd", "nc"), ("user", "root", "www-data")]


def test_another_command_line_is_a_detail() -> None:
    one = only(listens(closed=6, ending=Ending.OTHERWISE, command="sshd -D"), listens(opened=6, command="sshd -D -e"))
    assert one.kinds == [ChangeKind.CHANGED_DETAILS]


def test_a_look_that_could_see_less_or_more_changed_nothing() -> None:
    blind = interval(SSH, opened=6, facts={"user": "root"})
    assert told(listens(closed=6, ending=Ending.OTHERWISE, unit="ssh.service"), blind) == []
    seeing = listens(opened=6, unit="ssh.service")
    assert told(interval(SSH, closed=6, ending=Ending.OTHERWISE, facts={"user": "root"}), seeing) == []
    other = only(interval(SSH, closed=6, ending=Ending.OTHERWISE, facts={"user": "nobody"}), seeing)
    assert [each.what for each in other.differences] == ["user"]


def test_another_version_is_named_once() -> None:
    one = only(
        listens(),
        identity("OpenSSH 9.2p1", closed=6, product="OpenSSH", version="9.2p1"),
        identity("OpenSSH 9.9", opened=6, product="OpenSSH", version="9.9"),
    )
    assert [(each.kind, each.what, each.before, each.after) for each in one.differences] == [
        (ChangeKind.CHANGED_IDENTITY, "identity", "OpenSSH 9.2p1", "OpenSSH 9.9")
    ]


def test_another_certificate_of_the_same_product_is_told() -> None:
    one = only(listens(), identity("nginx", closed=6, certificate_issuer="A"), identity("nginx", opened=6, certificate_issuer="B"))
    assert [(each.what, each.before, each.after) for each in one.differences] == [("certificate issuer", "A", "B")]


def test_an_identity_that_was_not_asked_again_changed_nothing() -> None:
    assert told(listens(), identity("nginx", closed=6, ending=Ending.ABSENT)) == []
    assert told(listens(), identity("nginx", opened=6)) == []


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [("open", "filtered", ChangeKind.STOPPED_ANSWERING), ("closed", "open", ChangeKind.STARTED_ANSWERING), ("closed", "filtered", None)],
)
def test_answers_that_began_and_ended(before: str, after: str, kind: ChangeKind | None) -> None:
    found = told(listens(), probe(before, closed=6), probe(after, opened=6))
    assert [one.kinds for one in found] == ([[kind]] if kind else [])


def test_addresses_that_stopped_answering_stand_in_one_line() -> None:
    other = "tcp/192.0.2.7:22"
    one = only(listens(), probe("open", closed=6, ending=Ending.ABSENT), probe("open", other, closed=6, ending=Ending.ABSENT))
    assert [each.what for each in one.differences] == ["answers on 127.0.0.1, 192.0.2.7"]


def test_an_address_that_was_never_knocked_at_did_not_start_answering() -> None:
    assert told(listens(), probe("open", opened=6), looked=[(1, look("socket"))]) == []
    assert only(listens(), probe("open", opened=6)).kinds == [ChangeKind.STARTED_ANSWERING]


def test_something_that_answers_where_nobody_listens_is_a_door_of_its_own() -> None:
    one = only(probe("open", opened=6))
    assert (one.door, one.kinds) == (door(HERE), [ChangeKind.APPEARED])


def test_another_verdict_or_other_findings() -> None:
    one = only(listens(), verdict("real door", closed=6), verdict("unused door", "needs you", opened=6))
    assert (one.kinds, one.differences[0].before, one.differences[0].after) == ([ChangeKind.CHANGED_VERDICT], "real door", "unused door")
    one = only(listens(), verdict("real door", "fine", "a", "b", closed=6), verdict("real door", "needs you", "b", "c", opened=6))
    assert [(each.what, each.before, each.after) for each in one.differences] == [("findings", "a", "c")]


def test_the_same_process_on_another_address_moved() -> None:
    one = only(listens(closed=6), listens(HERE, opened=6), verdict("real door", closed=6))
    assert (one.door, one.kinds, one.differences[0].before, one.differences[0].after) == (
        door(HERE),
        [ChangeKind.CHANGED_ADDRESS],
        "0.0.0.0",
        "127.0.0.1",
    )
    kinds = {str(one.door): one.kinds for one in told(listens(closed=6), listens(HERE, opened=6, process="nc"))}
    assert kinds == {f"laptop/{SSH}": [ChangeKind.WENT], f"laptop/{HERE}": [ChangeKind.APPEARED]}


def test_a_client_s_own_port_is_no_news() -> None:
    assert told(listens(opened=6), verdict("ordinary port", opened=6)) == []
    assert told(listens(closed=6), verdict("ordinary port", closed=6)) == []


def test_the_most_important_comes_first() -> None:
    def at(port: int, attention: str | None, *, gone: bool = False, opened: int = 6) -> list[Interval]:
        where = f"tcp/0.0.0.0:{port}"
        made = [interval(where, opened=1, closed=6, ending=Ending.ABSENT)] if gone else [interval(where, opened=opened)]
        facts: dict[str, Fact] = {"attention": attention or ""}
        return made + ([interval(where, "verdict", opened=6, says="x", facts=facts)] if attention else [])

    found = told(*at(1, "fine"), *at(2, None), *at(3, None, gone=True), *at(4, "unknown"), *at(5, "needs you"), *at(6, "needs you"))
    assert [one.door.port for one in found] == [5, 6, 4, 2, 1, 3]


def test_probes_fold_into_their_listener() -> None:
    groups = folded([listens(), probe("open"), probe("open", "tcp/[::1]:22"), listens("tcp/[::]:22")])
    assert {str(one): len(group) for one, group in groups.items()} == {f"laptop/{SSH}": 2, "laptop/tcp/[::]:22": 2}


def test_nothing_gives_nothing() -> None:
    assert told() == []
