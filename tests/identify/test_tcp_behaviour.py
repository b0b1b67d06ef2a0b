import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.tcp_behaviour import SynAck, hint_of_syn_ack, initial_hop_limit

FULL = (2, 4, 8, 1, 3)
ANSWERS = [
    # As seen from Linux 6.18 over Ethernet and loopback, 2026-11-23, and the same from some hops away.
    (SynAck(hop_limit=64, window=65160, options=FULL, mss=1460, window_scale=10), "Linux", 0.85),
    (SynAck(hop_limit=64, window=65483, options=FULL, mss=65495, window_scale=10), "Linux", 0.85),
    (SynAck(hop_limit=53, window=65160, options=FULL, mss=1460, window_scale=7), "Linux", 0.85),
    (SynAck(hop_limit=64, window=64240, options=(2, 1, 1, 4, 1, 3), mss=1460, window_scale=10), "Linux", 0.6),
    # What isn't like it has nothing but its hop limit.
    (SynAck(hop_limit=118, window=65535, options=(2, 1, 3, 1, 1, 4), mss=1460, window_scale=8), "Windows", 0.55),
    (SynAck(hop_limit=60, window=16384, options=(2,), mss=1460), "Linux", 0.3),
    (SynAck(hop_limit=64, window=65160, options=FULL, mss=1460, window_scale=10, ip_id=777), "Linux", 0.3),
]


@pytest.mark.parametrize(("answer", "system", "sure"), ANSWERS)
def test_answers(answer: SynAck, system: str, sure: float) -> None:
    hint = hint_of_syn_ack(answer)
    assert hint is not None
    assert (hint.system, hint.sure, hint.origin) == (system, sure, "tcp")


def test_what_says_nothing() -> None:
    assert hint_of_syn_ack(SynAck(hop_limit=250, window=4128, options=(2,), mss=536)) is None
    assert hint_of_syn_ack(SynAck(hop_limit=0, window=1, options=())) is None
    assert hint_of_syn_ack(SynAck(hop_limit=70, window=1, options=())) is None  # 58 hops from 128: too far to be true
    assert [initial_hop_limit(value) for value in (1, 32, 33, 64, 65, 128, 255)] == [32, 32, 64, 64, 128, 128, 255]


@given(st.integers(-5, 300), st.integers(-5, 70_000), st.lists(st.integers(0, 255), max_size=40), st.integers(0, 65_535))
def test_any_numbers_are_survived(hop_limit: int, window: int, options: list[int], mss: int) -> None:
    hint = hint_of_syn_ack(SynAck(hop_limit=hop_limit, window=window, options=tuple(options), mss=mss))
    assert hint is None or 0 < hint.sure < 1
