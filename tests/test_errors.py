from __future__ import annotations

import importlib
import pkgutil
import re

import doorward
from doorward import errors
from doorward.errors import CallError, DoorwardError, FilterError, PeerError, WorldError


def real_tree(of: type[DoorwardError], depth: int = 0) -> list[tuple[int, str]]:
    here = [(depth, of.__name__)]
    for child in sorted(of.__subclasses__(), key=lambda c: (errors.__doc__ or "").index(f"─ {c.__name__}")):
        here += real_tree(child, depth + 1)
    return here


def test_the_tree_that_is_drawn_is_the_tree_that_is_real() -> None:
    for module in pkgutil.walk_packages(doorward.__path__, "doorward."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)  # so that a class of error hidden anywhere is found
    drawn = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"^((?:│   |    )*)(?:[├└]── )(\w+)", line):
            drawn.append((len(match[1]) // 4 + 1, match[2]))
    assert [(0, "DoorwardError"), *drawn] == real_tree(DoorwardError)


def test_a_message_says_what_to_what_why_and_what_next() -> None:
    error = CallError("read the ports", "70000", why="a port is at most 65535", remedy="Write 22.")
    assert str(error) == "cannot read the ports '70000': a port is at most 65535. Write 22."
    assert (error.doing, error.target, error.why, error.remedy) == ("read the ports", "70000", "a port is at most 65535", "Write 22.")


def test_exit_statuses_tell_who_must_act() -> None:
    assert CallError("x", why="y").exit_status == 2
    assert FilterError("x", column=3, why="y").exit_status == 2
    assert FilterError("x", column=3, why="y").column == 3
    assert WorldError("x", why="y").exit_status == 3
    assert PeerError("x", why="y").exit_status == 3
