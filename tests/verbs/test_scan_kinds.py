from __future__ import annotations

import datetime

import pytest

from doorward.errors import CallError, PermissionMissing
from doorward.values.clocks import ManualClock
from doorward.verbs.raw_scan import RawDoorScan
from doorward.verbs.scan import Scan
from doorward.verbs.scan_kinds import open_scan
from doorward.verbs.scan_request import ScanRequest

CLOCK = ManualClock(datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC))


def opened(*, raw: bool, target: str = "10.0.0.2", kind: str | None = None, shard: str | None = None) -> tuple[Scan, str]:
    request = ScanRequest(targets=(target,), ports="22", kind=kind, shard=shard)
    return open_scan(request, key=1, secret=bytes(16), clock=CLOCK, may_scan_raw=lambda: raw)


def test_raw_knocks_where_they_are_allowed_but_not_at_ourselves() -> None:
    assert isinstance(opened(raw=True)[0], RawDoorScan)
    assert not isinstance(opened(raw=True, target="127.0.0.1")[0], RawDoorScan)
    assert isinstance(opened(raw=True, target="127.0.0.1", kind="syn")[0], RawDoorScan)
    assert not isinstance(opened(raw=True, kind="connect")[0], RawDoorScan)


def test_without_the_right_it_connects_and_says_so_where_another_kind_was_asked_for() -> None:
    scan, note = opened(raw=False)
    assert (scan.kind, note) == ("connect", "")
    scan, note = opened(raw=False, kind="syn")
    assert scan.kind == "connect"
    assert "without CAP_NET_RAW" in note
    with pytest.raises(PermissionMissing, match="--kind connect"):
        opened(raw=False, kind="udp")


def test_shards_are_of_raw_scans() -> None:
    assert isinstance(opened(raw=True, shard="2/8")[0], RawDoorScan)
    with pytest.raises(CallError, match="no parts"):
        opened(raw=True, kind="connect", shard="1/2")
    for wrong in ("0/8", "9/8", "1", "1/0", "a/b", "-1/2"):
        with pytest.raises(CallError, match="N/M"):
            opened(raw=True, shard=wrong)
