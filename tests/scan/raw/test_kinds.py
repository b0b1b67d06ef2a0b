from __future__ import annotations

import pytest

from doorward.scan.doorstates import DoorState
from doorward.scan.raw.kinds import CODE_OF, CODES, Kind


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_what_silence_means(kind: Kind) -> None:
    assert kind.silence.state in (DoorState.FILTERED, DoorState.OPEN_FILTERED)
    assert kind.limited.state is DoorState.UNKNOWN
    assert kind.protocol in (6, 17, 132)
    assert kind.meaning
    assert kind.carrier
    assert kind.transport.value in ("tcp", "udp", "sctp")


def test_flags_are_the_trades() -> None:
    assert [Kind(name).flags for name in ("syn", "ack", "fin", "null", "xmas", "window")] == [2, 16, 1, 0, 41, 16]


def test_codes_are_bytes() -> None:
    assert len(CODES) < 256
    assert all(CODES[code] is reason for reason, code in CODE_OF.items())
