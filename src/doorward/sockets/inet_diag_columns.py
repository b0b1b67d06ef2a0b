"""The kernel's socket dump (``inet_diag``), a hundred thousand records at once: bytes to columns; opens no socket.

Records lie end to end and differ in length, so each one's place depends on all before it. That chain is followed first, in strides over
records of one length where there are many in a row, and then everything is gathered with NumPy. Layout: see `inet_diag`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import PeerError
from doorward.sockets.inet_diag import (
    ATTRIBUTE_CGROUP_ID,
    ATTRIBUTE_INFO,
    ATTRIBUTE_PROTOCOL,
    ATTRIBUTE_V6ONLY,
    FAMILY_NUMBERS,
    MESSAGE_HEADER,
    MESSAGE_SOCKET,
    MESSAGE_TCP_SOCKET,
    RECORD_BYTES,
)
from doorward.sockets.table import COLUMNS

__all__ = ["decode_columns"]

_RECORD: Final = np.dtype(
    [
        ("header", "u1", 16),
        ("family", "u1"),
        ("state", "u1"),
        ("timer", "u1"),
        ("retransmits", "u1"),
        ("local_port", ">u2"),
        ("remote_port", ">u2"),
        ("local_address", "u1", 16),
        ("remote_address", "u1", 16),
        ("interface", "=u4"),
        ("cookie", "=u4", 2),
        ("expires_ms", "=u4"),
        ("receive_queue", "=u4"),
        ("send_queue", "=u4"),
        ("uid", "=u4"),
        ("inode", "=u4"),
    ]
)
_PLAIN: Final = (
    "state",
    "retransmits",
    "local_port",
    "remote_port",
    "interface",
    "expires_ms",
    "receive_queue",
    "send_queue",
    "uid",
    "inode",
)

#: Column → (offset, bytes) in struct tcp_info (include/uapi/linux/tcp.h), which has only ever grown at its end.
_INFO: Final = {
    "lost": (32, 4),
    "last_sent_ms": (44, 4),
    "last_received_ms": (52, 4),
    "rtt_us": (68, 4),
    "rttvar_us": (72, 4),
    "congestion_window": (80, 4),
    "total_retransmits": (100, 4),
    "bytes_acked": (120, 8),
    "bytes_received": (128, 8),
    "delivery_rate": (160, 8),
}
_WANTED: Final = (ATTRIBUTE_INFO, ATTRIBUTE_PROTOCOL, ATTRIBUTE_V6ONLY, ATTRIBUTE_CGROUP_ID)
_TYPE_BITS: Final = 0x3FFF  # NLA_TYPE_MASK: the two highest bits are flags
_MOST_ATTRIBUTES: Final = 64  # kernels know about 25 (INET_DIAG_MAX); what stands behind the 64th is not looked at

_WINDOW: Final = 256  # messages looked at together: comparing them takes as long as following forty (measured 2026-11-23)
_SHORT_RUN: Final = 32

Words = NDArray[np.uint32]
Places = NDArray[np.intp]
Found = tuple[Places, Places, Places]  # rows that have an attribute, where its payload starts (in words), the payload's bytes


def decode_columns(data: bytes | memoryview, protocol: int) -> tuple[dict[str, NDArray[Any]], int]:
    """Turn a dump's replies into (columns of `SocketTable`, how many rows); messages that are no sockets are passed over.

    ``protocol`` is what the dump asked for; the news of closed sockets carry their own.

    Raises `PeerError` where a length makes no sense or a family is neither IPv4 nor IPv6.
    """
    starts, lengths, words = _places(data)
    if not len(starts):
        return {}, 0
    if int(lengths.min()) < RECORD_BYTES:
        raise _nonsense(f"a socket's record has {int(lengths.min())} of {RECORD_BYTES} bytes")
    records = _records(words, starts)
    columns: dict[str, NDArray[Any]] = {name: records[name].astype(COLUMNS[name]) for name in _PLAIN}
    columns["family"] = _families(records["family"])
    is_v4 = columns["family"] == 4
    for name in ("local_address", "remote_address"):
        columns[name] = _mapped(records[name], is_v4)
    cookie = records["cookie"].astype(np.uint64)
    columns["cookie"] = cookie[:, 0] | (cookie[:, 1] << np.uint64(32))
    columns |= _attribute_columns(words, starts, lengths, protocol)
    return columns, len(starts)


def _places(data: bytes | memoryview) -> tuple[Places, Places, Words]:
    """Return where the socket messages start (in words), their lengths (in bytes), and the whole as words."""
    if len(data) % 4:
        raise _nonsense(f"{len(data)} bytes are no whole number of words")
    view = memoryview(data).cast("B").cast("I")
    words = np.frombuffer(view, np.uint32)
    starts = _chain(words, view)
    kinds = words.view(np.uint16)[2 * starts + 2]
    starts = starts[(kinds == MESSAGE_SOCKET) | (kinds == MESSAGE_TCP_SOCKET)]
    return starts, words[starts].astype(np.intp), words


def _chain(words: Words, view: memoryview) -> Places:
    """Return where each message starts. Runs of equal lengths are found at a stroke, the others followed one by one."""
    runs: list[Places] = []
    place, end = 0, len(words)
    while place < end:
        length = view[place]
        if length < MESSAGE_HEADER.size:
            raise _nonsense(f"a message claims {length} bytes")
        stride = (length + 3) >> 2
        heads = words[place : place + _WINDOW * stride : stride]
        unlike = np.flatnonzero(heads != length)
        run = int(unlike[0]) if len(unlike) else len(heads)
        runs.append(place + stride * np.arange(run))
        place += stride * run
        if run < _SHORT_RUN:
            singles, place = _singles(view, place, end)
            runs.append(singles)
    if place > end:
        raise _nonsense(f"the last message is cut short by {4 * (place - end)} bytes")
    return np.concatenate(runs) if runs else np.zeros(0, np.intp)


def _singles(view: memoryview, place: int, end: int) -> tuple[Places, int]:
    """Follow the chain for a few messages; returns where they start, and the next place."""
    places: list[int] = []
    while place < end and len(places) < _WINDOW:
        length = view[place]
        if length < MESSAGE_HEADER.size:
            raise _nonsense(f"a message claims {length} bytes")
        places.append(place)
        place += (length + 3) >> 2
    return np.array(places, np.intp), place


def _records(words: Words, starts: Places) -> NDArray[np.void]:
    """Copy the fixed part of each record out of the whole: every word may begin one, those at ``starts`` do."""
    windows = np.ndarray((len(words) - RECORD_BYTES // 4 + 1,), _RECORD, buffer=words, strides=(4,))
    return windows[starts]


def _families(numbers: NDArray[np.uint8]) -> NDArray[np.uint8]:
    families = np.zeros(len(numbers), np.uint8)
    for family, number in FAMILY_NUMBERS.items():
        families[numbers == number] = family
    if not families.all():
        raise _nonsense(f"it names the address family {int(numbers[families == 0][0])}")
    return families


def _mapped(addresses: NDArray[np.uint8], is_v4: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Bring IPv4 addresses, which stand in the first four bytes, into the form ::ffff:a.b.c.d."""
    mapped = np.ascontiguousarray(addresses)
    if is_v4.any():
        v4 = np.zeros((int(is_v4.sum()), 16), np.uint8)
        v4[:, 10:12] = 0xFF
        v4[:, 12:] = mapped[is_v4, :4]
        if len(v4) == len(mapped):
            return v4
        mapped[is_v4] = v4
    return mapped


def _attribute_columns(words: Words, starts: Places, lengths: Places, protocol: int) -> dict[str, NDArray[Any]]:
    found = _attributes(words, starts, lengths)
    count = len(starts)
    columns: dict[str, NDArray[Any]] = {}
    rows, places, _ = found[ATTRIBUTE_V6ONLY]
    v6only = np.full(count, -1, np.int8)
    v6only[rows] = words.view(np.uint8)[4 * places] != 0
    columns["v6only"] = v6only
    rows, places, _ = found[ATTRIBUTE_PROTOCOL]
    columns["protocol"] = np.full(count, protocol, np.uint8)
    columns["protocol"][rows] = words.view(np.uint8)[4 * places]
    columns["cgroup_id"] = _field(words, count, found[ATTRIBUTE_CGROUP_ID], offset=0, size=8)
    if len(found[ATTRIBUTE_INFO][0]):
        columns |= {
            name: _field(words, count, found[ATTRIBUTE_INFO], offset=offset, size=size).astype(COLUMNS[name], copy=False)
            for name, (offset, size) in _INFO.items()
        }
    return columns


def _field(words: Words, count: int, found: Found, *, offset: int, size: int) -> NDArray[np.uint64] | NDArray[np.uint32]:
    """Gather one number of 4 or 8 bytes from the payloads; rows whose payload is too short for it keep 0."""
    rows, places, sizes = found
    long_enough = sizes >= offset + size
    if not long_enough.all():
        rows, places = rows[long_enough], places[long_enough]
    at = places + offset // 4
    if size == 4:
        short = np.zeros(count, np.uint32)
        short[rows] = words[at]
        return short
    both = np.stack([words[at], words[at + 1]], axis=1)
    column = np.zeros(count, np.uint64)
    column[rows] = both.view(np.uint64).reshape(-1)
    return column


def _attributes(words: Words, starts: Places, lengths: Places) -> dict[int, Found]:
    """Walk the attributes of all records in step, for the wanted types."""
    halves = words.view(np.uint16)
    hits: dict[int, list[Found]] = {kind: [] for kind in _WANTED}
    rows = np.arange(len(starts))
    places = starts + RECORD_BYTES // 4
    ends = starts + (lengths >> 2)  # less than four bytes hold no attribute
    for _ in range(_MOST_ATTRIBUTES):
        more = places < ends
        if not more.all():
            rows, places, ends = rows[more], places[more], ends[more]
        if not len(rows):
            break
        sizes = halves[2 * places].astype(np.intp)
        kinds = halves[2 * places + 1] & _TYPE_BITS
        following = places + ((sizes + 3) >> 2)
        if int(sizes.min()) < 4 or (4 * places + sizes > 4 * starts[rows] + lengths[rows]).any():
            raise _nonsense("an attribute's length makes no sense")
        for kind in _WANTED:
            chosen = np.flatnonzero((kinds == kind) & (sizes > 4))
            if len(chosen):
                hits[kind].append((rows[chosen], places[chosen] + 1, sizes[chosen] - 4))
        places = following
    nothing = np.zeros(0, np.intp)
    return {
        kind: (
            np.concatenate([part[0] for part in parts] or [nothing]),
            np.concatenate([part[1] for part in parts] or [nothing]),
            np.concatenate([part[2] for part in parts] or [nothing]),
        )
        for kind, parts in hits.items()
    }


def _nonsense(why: str) -> PeerError:
    return PeerError("read the kernel's socket dump", why=why)
