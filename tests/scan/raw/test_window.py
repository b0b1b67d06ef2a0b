from __future__ import annotations

import numpy as np

from doorward.scan.raw.window import SETTLED, WAITING, Window


def test_doors_leave_in_order_and_make_room() -> None:
    window = Window(100, most=16)
    assert window.capacity == 16
    slots = window.begin(np.arange(1000, 1016))
    assert window.free == 0
    window.state[slots[1:]] = SETTLED
    assert len(window.retire()) == 0
    assert window.settled_beyond().doors.tolist() == list(range(1001, 1016))
    window.state[slots[0]] = SETTLED
    assert window.retire().doors.tolist() == list(range(1000, 1016))
    assert window.free == 16


def test_a_place_leads_to_its_slot_only_while_it_is_in_work() -> None:
    window = Window(100, first=40, most=16)
    slots = window.begin(np.arange(16))
    assert window.slots(np.array([39, 40, 55, 56])).tolist() == [-1, int(slots[0]), int(slots[15]), -1]


def test_slots_are_used_again_without_memory_of_the_last_door() -> None:
    window = Window(64, most=16)
    for turn in range(4):
        slots = window.begin(np.arange(16) + 16 * turn)
        assert not window.tries[slots].any()
        assert (window.rtt_us[slots] == -1).all()
        window.tell(slots[:1], np.full((1, 16), turn + 1, dtype=np.uint8))
        window.state[slots] = WAITING
        window.tries[slots] = 3
        window.rtt_us[slots] = 7
        window.state[slots] = SETTLED
        settled = window.retire()
        assert settled.tellers[0].tolist() == [turn + 1] * 16
        assert not settled.tellers[1:].any()
    assert window.is_done


def test_a_small_scan_gets_a_small_window() -> None:
    assert Window(3).capacity == 16
    assert Window(2**40).capacity == 2**20
