"""Which listener a knock reaches."""

from __future__ import annotations

import pytest

from doorward.store.folding import fold, in_place
from memories import door


@pytest.mark.parametrize(
    ("knock", "listeners", "reached"),
    [
        ("tcp/127.0.0.1:22", {"tcp/0.0.0.0:22": False}, "tcp/0.0.0.0:22"),
        ("tcp/127.0.0.1:22", {"tcp/0.0.0.0:22": False, "tcp/127.0.0.1:22": False}, "tcp/127.0.0.1:22"),
        ("tcp/127.0.0.1:22", {"tcp/[::]:22": True}, "tcp/[::]:22"),
        ("tcp/127.0.0.1:22", {"tcp/[::]:22": True, "tcp/0.0.0.0:22": False}, "tcp/0.0.0.0:22"),
        ("tcp/127.0.0.1:22", {"tcp/[::]:22": False}, None),
        ("tcp/[::1]:22", {"tcp/[::]:22": False}, "tcp/[::]:22"),
        ("tcp/[::1]:22", {"tcp/0.0.0.0:22": True}, None),
        ("tcp/[::ffff:127.0.0.1]:22", {"tcp/0.0.0.0:22": False}, "tcp/0.0.0.0:22"),
        ("tcp/127.0.0.1:22", {"udp/0.0.0.0:22": False, "tcp/0.0.0.0:23": False}, None),
        ("tcp/127.0.0.1:22", {"laptop#web/tcp/0.0.0.0:22": False}, None),
        ("tcp/127.0.0.1:22", {"tcp/192.0.2.1:22": False}, None),
    ],
)
def test_a_knock_reaches_the_most_specific_listener(knock: str, listeners: dict[str, bool], reached: str | None) -> None:
    found = fold(door(knock), {door(text): dual_stack for text, dual_stack in listeners.items()})
    assert found == (door(reached) if reached else None)


def test_doors_of_one_place_share_machine_transport_and_port() -> None:
    assert in_place(door("tcp/0.0.0.0:22")) == in_place(door("tcp/[::1]:22")) != in_place(door("udp/0.0.0.0:22"))
