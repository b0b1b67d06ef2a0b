from __future__ import annotations

import numpy as np

from doorward.scan.raw.neighbours import Census
from doorward.scan.raw.space import Space
from doorward.scan.spans import network_span
from doorward.wire.frames import Frames, decode_frames
from doorward.wire.templates import Envelope
from raw_hosts import SOURCE

MS = 1_000_000


def test_all_are_asked_at_once_and_the_silent_ones_thrice() -> None:
    census = Census(Space([network_span("10.0.0.0/29")], [0]), Envelope(source=SOURCE, source_mac=b"\2\0\0\0\0\1"))
    asked: list[int] = []
    now = 0
    while not census.is_done:
        census.turn(now)
        out = np.zeros((100, 60), dtype=np.uint8)
        lengths = census.write(out, now)
        census.sent(len(lengths))
        decoded = decode_frames(Frames(out[: len(lengths)], lengths, np.zeros(len(lengths), dtype=np.int64)))
        assert (decoded.arp_operation == 1).all()
        asked += decoded.arp_target[:, 3].tolist()
        replies = out[: len(lengths)][decoded.arp_target[:, 3] < 4].copy()
        if len(replies):
            replies[:, 21] = 2
            replies[:, 28:32], replies[:, 38:42] = replies[:, 38:42].copy(), replies[:, 28:32].copy()
            replies[:, 22:28] = (2, 0, 0, 0, 9, 9)
            census.heard(decode_frames(Frames(replies, np.full(len(replies), 42, dtype=np.uint16), np.zeros(len(replies), dtype=np.int64))))
        now += 10 * MS
    assert census.is_known.tolist() == [True] * 4 + [False] * 4
    assert census.macs[0].tolist() == [2, 0, 0, 0, 9, 9]
    assert sorted(asked) == sorted([*range(8), *range(4, 8), *range(4, 8)])
    assert now <= 300 * MS


def test_when_all_have_answered_nobody_waits() -> None:
    census = Census(Space([network_span("10.0.0.4/32")], [0]), Envelope(source=SOURCE))
    census.is_known[:] = True
    assert census.is_done
