"""ICMP and ICMPv6 of many packets at once: queries, the packets that errors quote, and neighbour messages.

Layouts stand in `icmp`, `icmpv6` and `neighbour_discovery`. A quoted packet is read by the same reader of IP headers as a frame's own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.wire import icmp, icmpv6
from doorward.wire import neighbour_discovery as nd
from doorward.wire.columns import Columns, put, put_all, some
from doorward.wire.ip_columns import read_ipv4, read_ipv6
from doorward.wire.rows import Places, Rows
from doorward.wire.sctp import PROTOCOL_SCTP
from doorward.wire.tcp import PROTOCOL_TCP
from doorward.wire.transport_columns import Upper, upper_of
from doorward.wire.udp import PROTOCOL_UDP

__all__ = ["read_icmp"]

_ICMP: Final = np.dtype([("type", "u1"), ("code", "u1"), ("checksum", ">u2"), ("high", ">u2"), ("low", ">u2")])
_PORTS: Final = np.dtype([("source_port", ">u2"), ("destination_port", ">u2"), ("sequence", ">u4")])
_TARGET: Final = np.dtype([("target", "u1", 16)])
_ND_OPTION: Final = np.dtype([("kind", "u1"), ("length", "u1"), ("mac", "u1", 6)])

#: Neighbour options looked at in one message; messages in the wild carry at most a handful.
_MOST_ND_OPTIONS: Final = 8

#: Where a neighbour message's options begin, by type less 133.
_ND_OPTIONS_AT: Final = np.array([8, 16, 24, 24, 40])


def _table(types: tuple[int, ...]) -> NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[list(types)] = True
    return table


_QUERIES: Final = {4: _table(icmp.QUERIES), 6: _table(icmpv6.QUERIES)}
_ERRORS: Final = {4: _table(icmp.ERRORS), 6: _table(icmpv6.ERRORS)}


def read_icmp(rows: Rows, columns: Columns, upper: Upper, family: int) -> Upper:
    """Fill the columns of ICMP (``family`` 4) or ICMPv6 (6); returns the rows whose header is there."""
    upper = upper.keep(upper.demand(8, columns))
    if not len(upper):
        return upper
    heads = rows.read(_ICMP, upper.at, upper.start)
    put_all(
        columns,
        upper.at,
        {
            "icmp_type": heads["type"],
            "icmp_code": heads["code"],
            "payload_offset": upper.start + 8,
            "payload_length": upper.end - upper.start - 8,
        },
    )
    _put_query(columns, "icmp", upper.at, heads, family)
    if family == 4:
        too_big = (heads["type"] == icmp.DESTINATION_UNREACHABLE) & (heads["code"] == icmp.FRAGMENTATION_NEEDED)
        columns["icmp_mtu"][upper.at[too_big]] = heads["low"][too_big]
    else:
        too_big = heads["type"] == icmpv6.PACKET_TOO_BIG
        columns["icmp_mtu"][upper.at[too_big]] = (heads["high"].astype(np.uint32) << np.uint32(16) | heads["low"])[too_big]
        neighbours = (heads["type"] >= nd.ROUTER_SOLICITATION) & (heads["type"] <= nd.REDIRECT)
        if neighbours.any():
            _read_neighbours(rows, columns, upper.keep(neighbours), *some(neighbours, heads))
    errors = _ERRORS[family][heads["type"]]
    if errors.any():
        _read_quoted(rows, columns, upper.keep(errors), family)
    return upper


def _put_query(columns: Columns, prefix: str, at: Places, heads: NDArray[np.void], family: int) -> None:
    queries = _QUERIES[family][heads["type"]]
    at, heads = some(queries, at, heads)
    put(columns[f"{prefix}_id"], at, heads["high"])
    put(columns[f"{prefix}_sequence"], at, heads["low"])


def _read_quoted(rows: Rows, columns: Columns, upper: Upper, family: int) -> None:
    read = read_ipv4 if family == 4 else read_ipv6
    layer = read(rows, upper.at, upper.start + 8, upper.end)
    columns["truncated"][layer.truncated] = True
    columns["malformed"][layer.malformed] = True
    put(columns["quoted_family"], layer.at, family)
    for name in ("protocol", "source", "destination", "ttl", "ip_id"):
        put(columns[f"quoted_{name}"], layer.at, getattr(layer, name))
    layer.whole[:] = False  # quotes are cut on purpose: what is missing of them is truncated, never malformed
    for protocol in (PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_SCTP):
        quoted = upper_of(layer, protocol)
        if not len(quoted):
            continue
        quoted = quoted.keep(quoted.demand(8, columns))
        heads = rows.read(_PORTS, quoted.at, quoted.start)
        for name in ("source_port", "destination_port") if protocol == PROTOCOL_UDP else ("source_port", "destination_port", "sequence"):
            put(columns[f"quoted_{name}"], quoted.at, heads[name])
    quoted = upper_of(layer, icmp.PROTOCOL_ICMP if family == 4 else icmpv6.PROTOCOL_ICMPV6)
    quoted = quoted.keep(quoted.demand(8, columns))
    heads = rows.read(_ICMP, quoted.at, quoted.start)
    put(columns["quoted_icmp_type"], quoted.at, heads["type"])
    _put_query(columns, "quoted_icmp", quoted.at, heads, family)


def _read_neighbours(rows: Rows, columns: Columns, upper: Upper, heads: NDArray[np.void]) -> None:
    places = _ND_OPTIONS_AT[heads["type"] - nd.ROUTER_SOLICITATION]
    held = upper.demand(places, columns)
    upper, (heads, places) = upper.keep(held), some(held, heads, places)
    types = heads["type"]
    about_one = (types == nd.NEIGHBOUR_SOLICITATION) | (types == nd.NEIGHBOUR_ADVERTISEMENT)
    at, starts = some(about_one, upper.at, upper.start)
    put(columns["nd_target"], at, rows.read(_TARGET, at, starts + 8)["target"])
    advertised = types == nd.NEIGHBOUR_ADVERTISEMENT
    columns["nd_flags"][upper.at[advertised]] = heads["high"][advertised] >> 13
    wanted = np.where(types >= nd.NEIGHBOUR_ADVERTISEMENT, nd.TARGET_LINK_ADDRESS, nd.SOURCE_LINK_ADDRESS)
    _find_link_addresses(rows, columns, Upper(upper.at, upper.start + places, upper.end, upper.whole), wanted)


def _find_link_addresses(rows: Rows, columns: Columns, options_of: Upper, wanted: Places) -> None:
    at, places, ends = options_of.at, options_of.start, options_of.end
    for _ in range(_MOST_ND_OPTIONS):
        at, places, ends, wanted = some(places + 8 <= ends, at, places, ends, wanted)  # every option has at least 8 bytes
        if not len(at):
            return
        options = rows.read(_ND_OPTION, at, places)
        hit = (options["kind"] == wanted) & (options["length"] == 1)
        columns["nd_mac"][at[hit]] = options["mac"][hit]
        going = ~hit & (options["length"] > 0)
        at, places, ends, wanted, options = some(going, at, places, ends, wanted, options)
        places = places + options["length"].astype(np.intp) * 8
