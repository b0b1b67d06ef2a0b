from __future__ import annotations

import contextlib
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.scan.answer import DoorLine
from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.resumption import (
    ScanState,
    Settling,
    decode_found,
    decode_state,
    encode_found,
    encode_state,
    identity_of,
    refuse_another_scan,
)
from doorward.scan.targets import parse_targets
from doorward.values.addresses import Address
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

STATE = ScanState(identity={"targets": "x", "ports": "T:1-9"}, key=2**64 - 1, doors=9, settled=3, reasons={"refused": 2, "accepted": 1})
DOOR = DoorLine(
    address=Address.parse("fe80::1%eth0"),
    transport=Transport.TCP,
    port=22,
    state=DoorState.OPEN,
    reason=Reason.ACCEPTED,
    rtt_ms=0.5,
    service="ssh",
    host="näs\x1b.lan",
    knocks=1,
    told_by=None,
    detail="",
)


def net(*words: str) -> dict[str, str]:
    return identity_of(parse_targets(words, lambda _: []), PortSet.parse("22,80"), kind="connect")


def test_the_same_doors_have_the_same_identity_however_they_are_written() -> None:
    assert net("10.0.0.0/30") == net("10.0.0.2-3", "10.0.0.0", "10.0.0.1")
    assert net("10.0.0.0/30") != net("10.0.0.0/29")


def test_another_call_is_refused_with_what_differs() -> None:
    refuse_another_scan(STATE, dict(STATE.identity), "f")
    with pytest.raises(CallError, match="begun with other ports and targets"):
        refuse_another_scan(STATE, {"targets": "y", "ports": "T:1"}, "f")


def test_a_state_survives_being_written() -> None:
    assert decode_state(encode_state(STATE), "f") == STATE


@pytest.mark.parametrize("changed", [{"settled": 10}, {"settled": -1}, {"settled": 2}, {"reasons": {}}])
def test_a_state_that_contradicts_itself_is_none(changed: dict[str, object]) -> None:
    with pytest.raises(CallError, match="no state of a scan"):
        decode_state(encode_state(msgspec.structs.replace(STATE, **changed)), "f")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_state_or_the_callers_error(data: bytes) -> None:
    with contextlib.suppress(CallError):
        decode_state(data, "f")


@given(st.integers(0, 600))
def test_found_doors_survive_a_torn_line(cut: int) -> None:
    data = encode_found(DOOR) * 2
    doors, whole = decode_found(data[: min(cut, len(data))])
    assert doors == [DOOR] * (min(cut, len(data)) // len(encode_found(DOOR)))
    assert whole == len(doors) * len(encode_found(DOOR))


@given(st.binary(max_size=300))
def test_any_bytes_are_found_doors_up_to_somewhere(data: bytes) -> None:
    doors, whole = decode_found(data)
    assert 0 <= whole <= len(data)
    assert bool(doors) == bool(whole)


@given(st.permutations(range(60)), st.integers(0, 60))
def test_whatever_the_order_all_before_the_mark_are_done_and_counted(order: list[int], until: int) -> None:
    settling = Settling(60)
    done = set()
    for place in order[:until]:
        settling.note(place, "odd" if place % 2 else "even")
        done.add(place)
    expected = next(place for place in range(61) if place not in done)
    assert settling.settled == expected
    assert settling.reasons == Counter("odd" if place % 2 else "even" for place in range(expected))


def test_many_blocks_out_of_order_leave_nothing_behind() -> None:
    settling = Settling(20_480)
    for place in reversed(range(20_480)):
        settling.note(place, "refused")
    assert settling.settled == 20_480
    assert settling.reasons == {"refused": 20_480}
    assert not settling._blocks


def test_it_goes_on_where_it_was() -> None:
    settling = Settling(9, 3, {"refused": 3})
    settling.note(1, "accepted")  # settled before: passed over
    settling.note(9, "accepted")  # beyond the end
    settling.note(3, "accepted")
    assert (settling.settled, settling.reasons) == (4, {"refused": 3, "accepted": 1})
