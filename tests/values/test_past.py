"""The past as a value: lookups, spans, and the empty memory."""

import datetime

from doorward.values.addresses import Address
from doorward.values.doors import Door
from doorward.values.past import NOTHING_REMEMBERED, DoorPast, Past
from doorward.values.records import decode_json, encode_json
from doorward.values.transports import Transport

NOW = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
SSH = Door("laptop", Address.parse("0.0.0.0"), Transport.TCP, 22)


def test_an_empty_memory_knows_no_door_and_reaches_back_nowhere() -> None:
    assert NOTHING_REMEMBERED.of(SSH) is None
    assert NOTHING_REMEMBERED.span_s(NOW) == 0
    assert NOTHING_REMEMBERED.audits == 0


def test_a_door_is_found_and_says_whether_it_was_used() -> None:
    quiet = DoorPast(SSH, first_seen=NOW, last_seen=NOW, audits_seen=3, audits_covering=3)
    past = Past("laptop", audits=3, first_audit=NOW - datetime.timedelta(hours=2), last_audit=NOW, doors={SSH: quiet})
    assert past.of(SSH) is quiet
    assert not quiet.was_used
    assert past.span_s(NOW) == 7200
    assert past.span_s(NOW - datetime.timedelta(days=1)) == 0  # a clock set back


def test_a_door_s_past_survives_json() -> None:
    used = DoorPast(SSH, first_seen=NOW, last_seen=NOW, audits_covering=2, audits_used=1, last_used=NOW)
    assert decode_json(encode_json(used), DoorPast) == used
    assert used.was_used
