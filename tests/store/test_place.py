"""Where the book lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorward.store.place import database_path

HOME = Path("/home/ada")


@pytest.mark.parametrize(
    ("environment", "given", "path"),
    [
        ({}, "", "/home/ada/.local/share/doorward/doorward.db"),
        ({"XDG_DATA_HOME": "/data"}, "", "/data/doorward/doorward.db"),
        ({"XDG_DATA_HOME": "not/absolute"}, "", "/home/ada/.local/share/doorward/doorward.db"),
        ({"XDG_DATA_HOME": "/data", "DOORWARD_DATABASE": "/srv/memory.db"}, "", "/srv/memory.db"),
        ({"DOORWARD_DATABASE": "/srv/memory.db"}, "here.db", "here.db"),
        ({"DOORWARD_DATABASE": ""}, "", "/home/ada/.local/share/doorward/doorward.db"),
    ],
)
def test_the_nearest_word_counts(environment: dict[str, str], given: str, path: str) -> None:
    assert database_path(environment, HOME, given) == Path(path)
