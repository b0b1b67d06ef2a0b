from __future__ import annotations

import itertools

import pytest

from doorward.audit.table import ROWS, Words, look_up
from doorward.audit.table import FirewallWord as F
from doorward.audit.table import ProbeWord as P
from doorward.audit.table import SocketWord as S
from doorward.audit.table import UseWord as U
from doorward.values.evidence import Certainty
from doorward.values.verdicts import VerdictKind as K

M, INF = Certainty.MEASURED, Certainty.INFERRED

CASES = [
    # the table of the design, row by row
    (S.LISTENS, F.ALLOWS, P.OPEN, U.USED, K.REAL_DOOR, M),
    (S.LISTENS, F.ALLOWS, P.OPEN, U.NEVER, K.UNUSED_DOOR, M),
    (S.LISTENS, F.DENIES, P.OPEN, U.USED, K.FIREWALL_BYPASSED, M),
    (S.LISTENS, F.DENIES, P.OPEN, U.NEVER, K.FIREWALL_BYPASSED, M),
    (S.NOBODY, F.ALLOWS, P.OPEN, U.USED, K.SOMETHING_ELSE, M),
    (S.NOBODY, F.UNKNOWN, P.OPEN, U.UNKNOWN, K.SOMETHING_ELSE, M),
    (S.LISTENS, F.ALLOWS, P.FILTERED, U.NEVER, K.BLOCKED_ON_THE_WAY, M),
    (S.NOBODY, F.ALLOWS, P.CLOSED, U.NEVER, K.STALE_RULE, M),
    (S.LOOPBACK_ONLY, F.ALLOWS, P.CLOSED, U.UNSEEN, K.NEEDLESS_RULE, M),
    (S.LISTENS_ANY_V6, F.DENIES_V4_ONLY, P.OPEN, U.USED, K.IPV6_HOLE, M),
    (S.LISTENS, F.DENIES, P.FILTERED, U.USED, K.OLD_FLOWS_ONLY, M),
    # the same with the firewall not asked: inferred, never measured
    (S.LISTENS, F.UNKNOWN, P.OPEN, U.USED, K.REAL_DOOR, INF),
    (S.LISTENS, F.UNKNOWN, P.OPEN, U.UNSEEN, K.REAL_DOOR, INF),
    (S.LISTENS, F.UNKNOWN, P.OPEN, U.NEVER, K.UNUSED_DOOR, INF),
    (S.LISTENS, F.UNKNOWN, P.UNKNOWN, U.UNKNOWN, K.REAL_DOOR, INF),
    (S.LOOPBACK_ONLY, F.UNKNOWN, P.OPEN, U.UNSEEN, K.LOCAL_DOOR, M),
    (S.LOOPBACK_ONLY, F.UNKNOWN, P.UNKNOWN, U.UNKNOWN, K.LOCAL_DOOR, INF),
    (S.LISTENS, F.UNKNOWN, P.CLOSED, U.UNSEEN, K.SILENT_DOOR, M),
    (S.LISTENS, F.UNKNOWN, P.FILTERED, U.USED, K.SILENT_DOOR, M),
    (S.LOOPBACK_ONLY, F.UNKNOWN, P.CLOSED, U.UNSEEN, K.SILENT_DOOR, M),
    # too little was seen
    (S.UNKNOWN, F.UNKNOWN, P.OPEN, U.UNKNOWN, K.UNKNOWN, Certainty.UNKNOWN),
    (S.NOBODY, F.UNKNOWN, P.CLOSED, U.NEVER, K.UNKNOWN, Certainty.UNKNOWN),
]


@pytest.mark.parametrize(("socket", "firewall", "probe", "use", "kind", "certainty"), CASES)
def test_each_row(socket: S, firewall: F, probe: P, use: U, kind: K, certainty: Certainty) -> None:
    assert look_up(Words(socket, firewall, probe, use)) == (kind, certainty)


EVERY = [Words(*words, own_probe=words[2]) for words in itertools.product(S, F, P, U)]
EVERY += [Words(s, f, p, u, own_probe=own, from_outside=True) for s, f, p, u, own in itertools.product(S, F, P, U, P)]


def test_a_knock_from_outside_is_as_good_as_the_firewalls_word() -> None:
    outside = Words(S.LISTENS, F.UNKNOWN, P.OPEN, U.USED, own_probe=P.OPEN, from_outside=True)
    assert look_up(outside) == (K.REAL_DOOR, M)
    kept_out = Words(S.LISTENS, F.UNKNOWN, P.FILTERED, U.USED, own_probe=P.OPEN, from_outside=True)
    assert look_up(kept_out) == (K.SHIELDED_DOOR, M)


def test_a_firewall_that_was_not_asked_never_denies() -> None:
    needs_its_word = {K.FIREWALL_BYPASSED, K.IPV6_HOLE, K.OLD_FLOWS_ONLY, K.STALE_RULE, K.NEEDLESS_RULE, K.BLOCKED_ON_THE_WAY}
    for words in EVERY:
        if words.firewall is F.UNKNOWN:
            assert look_up(words)[0] not in needs_its_word


def test_an_unread_table_of_sockets_never_means_nobody() -> None:
    for words in EVERY:
        if words.socket is S.UNKNOWN:
            assert look_up(words)[0] is K.UNKNOWN


def test_every_listening_socket_gets_a_verdict() -> None:
    for words in EVERY:
        if words.socket in (S.LISTENS, S.LISTENS_ANY_V6, S.LOOPBACK_ONLY):
            assert look_up(words)[0] is not K.UNKNOWN, words


def test_no_row_is_hidden_by_those_above_it() -> None:
    deciding = {next((row for row in ROWS if row.fits(words)), None) for words in EVERY}
    assert deciding - {None} == set(ROWS)
