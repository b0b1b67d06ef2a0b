"""The link layer of many frames at once: Ethernet with VLAN tags, ARP; layouts stand in `ethernet` and `arp`."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.wire.arp import HARDWARE_ETHERNET
from doorward.wire.columns import Columns, put, put_all, some
from doorward.wire.ethernet import ETHERTYPE_IPV4, ETHERTYPE_IPV6, MOST_TAGS, TAG_PROTOCOLS
from doorward.wire.rows import Places, Rows

__all__ = ["read_arp", "read_ethernet", "read_raw"]

_ETHERNET: Final = np.dtype([("destination", "V6"), ("source", "V6"), ("ethertype", ">u2")])
_TAG: Final = np.dtype([("control", ">u2"), ("ethertype", ">u2")])
_ARP_HEAD: Final = np.dtype([("kind", ">u4"), ("long", "u1"), ("short", "u1"), ("operation", ">u2")])
_ARP_ENDS: Final = np.dtype([("sender_mac", "V6"), ("sender", "V4"), ("target_mac", "V6"), ("target", "V4")])

_IS_TAG: Final = np.zeros(65536, np.bool_)
_IS_TAG[list(TAG_PROTOCOLS)] = True


def read_ethernet(rows: Rows, columns: Columns) -> Places:
    """Fill the columns of the link; returns where each row's payload begins (anywhere for rows that are truncated)."""
    whole = rows.lengths >= 14
    columns["truncated"][~whole] = True
    at = np.flatnonzero(whole)
    heads = rows.read(_ETHERNET, at, 0)
    put(columns["source_mac"], at, _bytes(heads["source"]))
    put(columns["destination_mac"], at, _bytes(heads["destination"]))
    put(columns["ethertype"], at, heads["ethertype"])
    offsets = np.full(len(rows), 14, np.intp)
    for name in ("vlan", "inner_vlan")[:MOST_TAGS]:
        at = at[_IS_TAG[columns["ethertype"][at]]]
        if not len(at):
            break
        whole = rows.lengths[at] >= offsets[at] + 4
        cut = at[~whole]
        columns["truncated"][cut] = True
        columns["ethertype"][cut] = 0
        at = at[whole]
        tags = rows.read(_TAG, at, offsets[at])
        put(columns[name], at, tags["control"] & 0x0FFF)
        put(columns["ethertype"], at, tags["ethertype"])
        offsets[at] += 4
    return offsets


def read_raw(rows: Rows, columns: Columns) -> Places:
    """Fill ``ethertype`` from the version of each IP packet; returns where it begins: at 0."""
    held = rows.lengths >= 1
    columns["truncated"][~held] = True
    at = np.flatnonzero(held)
    versions = rows.bytes_at(1, at, 0)[:, 0] >> 4
    for version, ethertype in ((4, ETHERTYPE_IPV4), (6, ETHERTYPE_IPV6)):
        columns["ethertype"][at[versions == version]] = ethertype
    columns["malformed"][at[(versions != 4) & (versions != 6)]] = True
    return np.zeros(len(rows), np.intp)


def read_arp(rows: Rows, columns: Columns, at: Places, starts: Places) -> None:
    """Fill the columns of ARP for the rows in ``at``; other hardware than Ethernet and other protocols than IPv4 leave them empty."""
    whole = rows.lengths[at] >= starts + 8
    columns["truncated"][at[~whole]] = True
    at, starts = some(whole, at, starts)
    heads = rows.read(_ARP_HEAD, at, starts)
    whole = rows.lengths[at] >= starts + 8 + 2 * (heads["long"].astype(np.intp) + heads["short"])
    columns["truncated"][at[~whole]] = True
    usual = heads["kind"] == HARDWARE_ETHERNET << 16 | ETHERTYPE_IPV4
    at, starts, heads = some(whole & usual & (heads["long"] == 6) & (heads["short"] == 4), at, starts, heads)
    ends = rows.read(_ARP_ENDS, at, starts + 8)
    put_all(columns, at, {"arp_operation": heads["operation"]} | {f"arp_{name}": _bytes(ends[name]) for name in _ARP_ENDS.names or ()})


def _bytes(texts: NDArray[np.void]) -> NDArray[np.uint8]:
    """Return (n,) texts of k bytes as (n, k)."""
    return np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), texts.dtype.itemsize)
