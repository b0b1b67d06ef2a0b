"""The five fates of an open interval, and that silence means nothing where nobody looked."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.store.coverage import Coverage, Look
from doorward.store.intervals import Ending, weigh
from doorward.store.testimony import of_evidence, of_verdict
from doorward.values.addresses import Address
from doorward.values.evidence import Certainty, Evidence, Witness
from memories import START, cut, interval, judged, listens, look, probed, standing, told, weighed

LATER = START + datetime.timedelta(hours=1)
SSH = "tcp/0.0.0.0:22"


def endings(weighing: object) -> list[Ending]:
    from doorward.store.intervals import Weighing

    assert isinstance(weighing, Weighing)
    return [closing.ending for closing in weighing.closings]


def test_heard_again_is_extended_with_the_latest_of_the_moment() -> None:
    got = weighed(standing(listens(SSH, pid=812)), [listens(SSH, LATER, pid=999)], [look("socket")])
    assert (got.closings, got.openings) == ([], [])
    assert [(one.row, one.at, one.passing.facts) for one in got.extensions] == [(1, LATER, {"pid": 999})]


def test_said_otherwise_closes_and_opens_at_the_same_moment() -> None:
    got = weighed(standing(listens(SSH)), [listens(SSH, LATER, process="nc")])
    assert [(one.row, one.at, one.ending) for one in got.closings] == [(1, LATER, Ending.OTHERWISE)]
    assert [(one.at, one.claim.facts["process"]) for one in got.openings] == [(LATER, "nc")]


def test_looked_for_and_not_found_is_absent() -> None:
    got = weighed(standing(listens(SSH)), [], [look("socket")])
    assert [(one.at, one.ending) for one in got.closings] == [(LATER, Ending.ABSENT)]


@pytest.mark.parametrize(
    "looks",
    [
        [],
        [look("probe")],
        [look("socket", Coverage("desktop"))],
        [look("socket", Coverage("laptop", addresses=(Address.parse("127.0.0.1"),)))],
        [look("socket", Coverage("laptop", complete=False))],
        [look("socket", Coverage("laptop", vantage="elsewhere"))],
    ],
)
def test_a_witness_that_was_not_asked_there_closes_nothing(looks: list[Look]) -> None:
    got = weighed(standing(listens(SSH)), [], looks)
    assert (got.closings, got.extensions, got.openings) == ([], [], [])


def test_a_witness_that_could_not_see_closes_nothing_and_shields_from_absence() -> None:
    known = standing(told("udp/0.0.0.0:53", Witness.USE, "used"))
    blind = told("udp/0.0.0.0:53", Witness.USE, "none now", LATER, certainty=Certainty.UNKNOWN)
    got = weighed(known, [blind], [look("use")])
    assert (got.closings, got.extensions, got.openings) == ([], [], [])
    assert weighed({}, [blind]).openings == []


def test_of_two_words_of_one_witness_the_later_counts_and_sight_outweighs_blindness() -> None:
    seen = listens(SSH, process="nc")
    blind = told(SSH, Witness.SOCKET, "nobody", LATER, certainty=Certainty.UNKNOWN)
    got = weighed({}, [seen, blind, listens(SSH, START, process="sshd")])
    assert [one.claim.facts["process"] for one in got.openings] == ["sshd"]


def test_what_was_said_of_a_door_ends_with_its_socket() -> None:
    known = standing(
        listens(SSH),
        probed("tcp/127.0.0.1:22"),
        told("tcp/127.0.0.1:22", Witness.IDENTITY, "OpenSSH 9.2p1"),
        told(SSH, Witness.USE, "used"),
        told(SSH, Witness.FIREWALL, "allows"),
        listens("tcp/0.0.0.0:23"),
        probed("tcp/127.0.0.1:23"),
    )
    got = weighed(known, [listens("tcp/0.0.0.0:23", LATER)], [look("socket")])
    assert {closing.row: closing.ending for closing in got.closings} == {
        1: Ending.ABSENT,
        2: Ending.DOOR_GONE,
        3: Ending.DOOR_GONE,
        4: Ending.DOOR_GONE,
    }


def test_a_probe_that_was_asked_again_speaks_for_itself() -> None:
    known = standing(listens(SSH), probed("tcp/127.0.0.1:22"))
    got = weighed(known, [probed("tcp/127.0.0.1:22", at=LATER)], [look("socket"), look("probe")])
    assert {closing.row: closing.ending for closing in got.closings} == {1: Ending.ABSENT}


def test_a_door_that_moved_to_loopback_keeps_what_was_said_of_loopback() -> None:
    known = standing(listens(SSH), probed("tcp/127.0.0.1:22"), probed("tcp/192.0.2.7:22"))
    got = weighed(known, [listens("tcp/127.0.0.1:22", LATER)], [look("socket")])
    assert {closing.row: closing.ending for closing in got.closings} == {1: Ending.ABSENT, 3: Ending.DOOR_GONE}


def test_what_answered_is_unknown_once_nothing_answers() -> None:
    known = standing(probed("tcp/127.0.0.1:22"), told("tcp/127.0.0.1:22", Witness.IDENTITY, "OpenSSH 9.2p1", vantage="this machine"))
    got = weighed(known, [probed("tcp/127.0.0.1:22", "closed", LATER)])
    assert {closing.row: closing.ending for closing in got.closings} == {1: Ending.OTHERWISE, 2: Ending.DOOR_GONE}


def test_the_verdict_ends_with_its_door() -> None:
    verdict = of_verdict(judged(SSH), START)
    known = standing(listens(SSH))
    known[verdict.key] = type(next(iter(known.values())))(2, verdict.claim, START, 1)
    got = weigh(known, [], [look("socket")], began_after=1)
    assert {closing.row: closing.ending for closing in got.closings} == {1: Ending.ABSENT, 2: Ending.DOOR_GONE}


def test_a_clock_set_back_orders_nothing() -> None:
    early = START - datetime.timedelta(days=365)
    got = weighed(standing(listens(SSH)), [listens(SSH, early, process="nc")], began_after=1)
    assert [one.at for one in got.closings] == [START], "never before it was last seen"
    assert [one.at for one in got.openings] == [START]


def test_of_two_runs_at_once_the_later_look_counts() -> None:
    known = standing(listens(SSH, LATER), entry=2)
    got = weighed(known, [listens(SSH, START, process="nc")], [look("socket", hours=0)], began_after=1)
    assert (got.closings, got.openings) == ([], [])
    got = weighed(known, [listens(SSH, LATER + datetime.timedelta(1), process="nc")], began_after=1)
    assert endings(got) == [Ending.OTHERWISE]


def test_as_of_an_earlier_entry_a_closed_interval_is_open() -> None:
    one = interval(SSH, opened=1, closed=5)
    assert one.as_of(5) is one
    assert one.as_of(4).valid_to is None
    assert one.as_of(4).ending is None
    assert one.listens
    assert not one.answers


WHERE = st.sampled_from(["tcp/0.0.0.0:22", "tcp/127.0.0.1:22", "tcp/[::]:22", "udp/0.0.0.0:53"])
HEARD = st.builds(
    lambda where, witness, says, name: told(where, witness, says, LATER, facts={"process": name}),
    WHERE,
    st.sampled_from(list(Witness)),
    st.sampled_from(["listens", "nobody", "open", "closed", "used"]),
    st.sampled_from(["a", "b"]),
)


@given(st.lists(HEARD), st.lists(HEARD), st.lists(st.sampled_from([look(witness) for witness in Witness])))
def test_laws_of_weighing(before: list[Evidence], now: list[Evidence], looks: list[Look]) -> None:
    known = standing(*before)
    got = weighed(known, now, looks)
    rows = {one.row: key for key, one in known.items()}
    closed = [rows[one.row] for one in got.closings]
    opened = [one.key for one in got.openings]
    extended = [rows[one.row] for one in got.extensions]
    assert len(set(closed)) == len(closed), "an interval ends once"
    assert len(set(opened)) == len(opened)
    assert not set(extended) & set(closed)
    still = (known.keys() - set(closed)) | set(opened)
    assert {cut(one).key for one in now} <= still, "what was heard now holds"
    assert all(key in closed for key in opened if key in known), "at most one interval of a key is open"
    unfinished = weighed(known, now, [])
    assert not [one for one in unfinished.closings if one.ending is Ending.ABSENT]


def test_an_empty_run_changes_nothing() -> None:
    assert weigh({}, [], [], began_after=0).openings == []
    assert of_evidence(listens(SSH)).at == START
