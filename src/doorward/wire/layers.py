"""All layers of a batch of rows in their order, from the link to the transport; fills columns and returns nothing."""

from __future__ import annotations

import numpy as np

from doorward.wire.checksum_columns import judge_crc, judge_headers, judge_segments
from doorward.wire.columns import Columns, put
from doorward.wire.ethernet import ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6
from doorward.wire.icmp import PROTOCOL_ICMP
from doorward.wire.icmp_columns import read_icmp
from doorward.wire.icmpv6 import PROTOCOL_ICMPV6
from doorward.wire.ip_columns import InternetLayer, read_ipv4, read_ipv6
from doorward.wire.link_columns import read_arp, read_ethernet, read_raw
from doorward.wire.rows import Rows
from doorward.wire.sctp import PROTOCOL_SCTP
from doorward.wire.tcp import PROTOCOL_TCP
from doorward.wire.transport_columns import Upper, read_sctp, read_tcp, read_udp, upper_of
from doorward.wire.udp import PROTOCOL_UDP

__all__ = ["read_layers"]


def read_layers(rows: Rows, columns: Columns, *, raw: bool, verify: bool) -> None:
    """Fill the columns of all rows; ``raw``: they begin with an IP header."""
    offsets = read_raw(rows, columns) if raw else read_ethernet(rows, columns)
    for ethertype, read in ((ETHERTYPE_IPV4, read_ipv4), (ETHERTYPE_IPV6, read_ipv6)):
        at = np.flatnonzero(columns["ethertype"] == ethertype)
        if len(at):
            layer = read(rows, at, offsets[at], rows.lengths[at])
            _put_layer(columns, layer)
            _read_upper(rows, columns, layer, verify=verify)
    at = np.flatnonzero(columns["ethertype"] == ETHERTYPE_ARP)
    if len(at):
        read_arp(rows, columns, at, offsets[at])


def _put_layer(columns: Columns, layer: InternetLayer) -> None:
    columns["truncated"][layer.truncated] = True
    columns["malformed"][layer.malformed] = True
    put(columns["family"], layer.at, layer.family)
    for name in ("protocol", "source", "destination", "ttl", "traffic_class", "ip_id", "dont_fragment", "more_fragments"):
        put(columns[name], layer.at, getattr(layer, name))
    put(columns["fragment"], layer.at, layer.later_fragment)
    put(columns["missing_bytes"], layer.at, np.minimum(layer.missing, 0xFFFF))


def _read_upper(rows: Rows, columns: Columns, layer: InternetLayer, *, verify: bool) -> None:
    own_icmp = PROTOCOL_ICMP if layer.family == 4 else PROTOCOL_ICMPV6
    seen = np.bincount(layer.protocol, minlength=256)
    known = (PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_SCTP, own_icmp)
    if int(seen.sum()) > int(seen[list(known)].sum()) or layer.later_fragment.any():
        _put_unread(columns, layer, known)
    if verify and layer.family == 4:
        judge_headers(rows, columns, layer)
    for protocol in known:
        if not seen[protocol]:
            continue
        upper = upper_of(layer, protocol)
        if protocol == PROTOCOL_TCP:
            upper = read_tcp(rows, columns, upper)
        elif protocol == PROTOCOL_UDP:
            upper = read_udp(rows, columns, upper)
        elif protocol == PROTOCOL_SCTP:
            upper = read_sctp(rows, columns, upper)
        else:
            upper = read_icmp(rows, columns, upper, layer.family)
        if verify:
            _judge(rows, columns, layer, upper, protocol)


def _judge(rows: Rows, columns: Columns, layer: InternetLayer, upper: Upper, protocol: int) -> None:
    if protocol == PROTOCOL_SCTP:
        judge_crc(rows, columns, upper)
    elif protocol == PROTOCOL_ICMP:
        judge_segments(rows, columns, upper, pseudo=None)
    else:
        detours = layer.at[layer.detour]
        judge_segments(rows, columns, upper.keep(~np.isin(upper.at, detours)), pseudo=protocol)


def _put_unread(columns: Columns, layer: InternetLayer, known: tuple[int, ...]) -> None:
    """Tell where the payload of other protocols and of later fragments is."""
    unread = (layer.later_fragment | ~np.isin(layer.protocol, known)) & ((layer.protocol != 0) | (layer.family == 4))
    at = layer.at[unread]
    columns["payload_offset"][at] = layer.start[unread]
    columns["payload_length"][at] = (layer.end - layer.start)[unread]
