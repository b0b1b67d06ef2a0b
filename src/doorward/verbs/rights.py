"""Which of root's rights a question needs: the others are given up before anything is sent; knows no question."""

from __future__ import annotations

import sys
from typing import Final

from doorward.rings.privileges import CAP_NET_RAW, drop_capabilities, has_capability

__all__ = ["keep_rights_of_a_scan"]

# include/uapi/linux/capability.h: to write results where the caller says, whose folder ever that is.
_CAP_DAC_OVERRIDE: Final = 1
_CAP_DAC_READ_SEARCH: Final = 2


def keep_rights_of_a_scan() -> None:
    """Give up every right of this process but raw sockets and its files; to be called before NumPy starts threads of its own.

    Raw sockets are kept because a scan opens one for each network as it gets there. There is no return, so only a command of its own
    calls this, never the library. Elsewhere than on Linux it does nothing.
    """
    if sys.platform == "linux":
        wanted = (CAP_NET_RAW, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH)
        drop_capabilities(keep=[number for number in wanted if has_capability(number)])
