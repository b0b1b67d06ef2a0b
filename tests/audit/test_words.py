from __future__ import annotations

import datetime

import msgspec
import pytest

from doorward.audit.table import FirewallWord, ProbeWord, SocketWord, UseWord
from doorward.audit.words import ENOUGH_LOOKS, LONG_ENOUGH_S, OUTSIDE, words_of
from doorward.values.evidence import Certainty, Evidence, Witness
from doorward.values.past import NOTHING_REMEMBERED, DoorPast, Past
from witnesses import NOW, door, one, probe, socket, use

WHERE = "tcp/0.0.0.0:22"


def remembered(*, looks: int, used: int = 0, days: float = 30) -> Past:
    first = NOW - datetime.timedelta(days=days)
    past = DoorPast(door(WHERE), first, NOW, audits_seen=looks, audits_covering=looks, audits_used=used, last_used=first if used else None)
    return Past("laptop", looks, first, NOW, {past.door: past})


@pytest.mark.parametrize(
    ("where", "word"),
    [("tcp/0.0.0.0:22", SocketWord.LISTENS), ("tcp/[::]:22", SocketWord.LISTENS_ANY_V6), ("tcp/127.0.0.1:22", SocketWord.LOOPBACK_ONLY),
     ("tcp/[::1]:22", SocketWord.LOOPBACK_ONLY), ("tcp/[2001:db8::1]:22", SocketWord.LISTENS)],
)  # fmt: skip
def test_the_sockets_word_is_where_it_is_bound(where: str, word: SocketWord) -> None:
    assert words_of(one(socket(where)), NOTHING_REMEMBERED, NOW).socket is word


def test_nobody_is_known_only_where_the_table_was_read() -> None:
    alone = one(probe(WHERE))
    assert words_of(alone, NOTHING_REMEMBERED, NOW).socket is SocketWord.NOBODY
    assert words_of(alone, NOTHING_REMEMBERED, NOW, sockets_read=False).socket is SocketWord.UNKNOWN


@pytest.mark.parametrize(
    ("says", "word"),
    [
        ([], ProbeWord.UNKNOWN),
        (["closed"], ProbeWord.CLOSED),
        (["closed", "filtered"], ProbeWord.FILTERED),
        (["closed", "open"], ProbeWord.OPEN),
    ],
)
def test_open_anywhere_is_open(says: list[str], word: ProbeWord) -> None:
    probes = [probe(f"tcp/10.0.0.{place}:22", what) for place, what in enumerate(says)]
    assert words_of(one(socket(WHERE), *probes), NOTHING_REMEMBERED, NOW).probe is word


def test_a_probe_that_is_unsure_says_nothing() -> None:
    unsure = msgspec.structs.replace(probe(WHERE, "filtered"), certainty=Certainty.UNKNOWN)
    assert words_of(one(socket(WHERE), unsure), NOTHING_REMEMBERED, NOW).probe is ProbeWord.UNKNOWN


def test_a_firewall_word_that_nobody_knows_is_unknown() -> None:
    said = Evidence(door(WHERE), Witness.FIREWALL, NOW, "rules", "denies", Certainty.MEASURED)
    assert words_of(one(socket(WHERE), said), NOTHING_REMEMBERED, NOW).firewall is FirewallWord.DENIES
    odd = msgspec.structs.replace(said, says="perhaps")
    assert words_of(one(socket(WHERE), odd), NOTHING_REMEMBERED, NOW).firewall is FirewallWord.UNKNOWN


ENOUGH_DAYS = LONG_ENOUGH_S / 86400


@pytest.mark.parametrize(
    ("now", "past", "word"),
    [
        (use(WHERE, 2), NOTHING_REMEMBERED, UseWord.USED),
        (use(WHERE), NOTHING_REMEMBERED, UseWord.UNSEEN),
        (use(WHERE), remembered(looks=ENOUGH_LOOKS, used=1), UseWord.USED),
        (use(WHERE), remembered(looks=ENOUGH_LOOKS, days=ENOUGH_DAYS), UseWord.NEVER),
        (use(WHERE), remembered(looks=ENOUGH_LOOKS - 1, days=ENOUGH_DAYS), UseWord.UNSEEN),
        (use(WHERE), remembered(looks=1000, days=ENOUGH_DAYS - 1), UseWord.UNSEEN),
        (None, remembered(looks=1000), UseWord.UNKNOWN),
    ],
)
def test_never_needs_enough_looks_over_long_enough(now: Evidence | None, past: Past, word: UseWord) -> None:
    said = one(socket(WHERE), *([now] if now else []))
    assert words_of(said, past, NOW).use is word


def test_what_the_kernel_keeps_no_list_of_is_unknown() -> None:
    unsure = msgspec.structs.replace(use(WHERE), certainty=Certainty.UNKNOWN)
    assert words_of(one(socket(WHERE), unsure), remembered(looks=1000), NOW).use is UseWord.UNKNOWN


def test_a_knock_from_outside_is_the_probes_word_and_our_own_stands_beside_it() -> None:
    outside = msgspec.structs.replace(probe(WHERE, "filtered"), vantage=OUTSIDE)
    words = words_of(one(socket(WHERE), probe("tcp/127.0.0.1:22"), outside), NOTHING_REMEMBERED, NOW)
    assert (words.probe, words.own_probe, words.from_outside) == (ProbeWord.FILTERED, ProbeWord.OPEN, True)
