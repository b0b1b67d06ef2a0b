"""The shipped ranking of ports, read once when first asked for."""

from __future__ import annotations

import functools
import pkgutil

from doorward.errors import DoorwardBug
from doorward.ports.ranking import Ranking, decode_ranking

__all__ = ["ranking"]


@functools.cache
def ranking() -> Ranking:
    """Return the whole ranking, with its sources."""
    try:
        text = pkgutil.get_data("doorward.ports", "ranking.json")
    except OSError as error:
        raise DoorwardBug("read the shipped ranking of ports", why=error.strerror or str(error), remedy="Install Doorward again.") from None
    return decode_ranking(text or b"")
